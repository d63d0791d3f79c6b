"""Writes a video of a face that moves to the right and back, for Chromium's fake camera: web-video.py training.csv video.y4m."""

import csv
import sys

WIDTH, HEIGHT, SIDE, STEP, FRAMES = 640, 480, 192, 4, 90

face = list(map(int, next(csv.DictReader(open(sys.argv[1])))["Image"].split()))
# Twice as large as in the file.
rows = [bytes(face[96 * (row // 2) + column // 2] for column in range(SIDE)) for row in range(SIDE)]
colour = bytes([128]) * (WIDTH * HEIGHT // 2)
with open(sys.argv[2], "wb") as to:
    to.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg\n".encode())
    for frame in range(FRAMES):
        pixels = bytearray([120]) * (WIDTH * HEIGHT)
        left = 60 + STEP * min(frame, FRAMES - frame)
        for row, line in enumerate(rows):
            start = (140 + row) * WIDTH + left
            pixels[start : start + SIDE] = line
        to.write(b"FRAME\n" + pixels + colour)
