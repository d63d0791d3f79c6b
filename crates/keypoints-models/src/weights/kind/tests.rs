use super::*;

#[test]
fn the_content_tells() {
    let mut safetensors = 100_u64.to_le_bytes().to_vec();
    safetensors.extend(b"{\"a\":");
    // A head of 128 bytes begins as a pickle does.
    let mut odd = 128_u64.to_le_bytes().to_vec();
    odd.extend(b"{}");
    let mut tar = vec![b'a'; 300];
    tar[257..262].copy_from_slice(b"ustar");
    let legacy = [&[0x80, 2, 0x8a, 10][..], LEGACY[0], b"."].concat();
    let oldest = [b"L", LEGACY[1], b"L\n."].concat();
    for (start, expected) in [
        (&safetensors[..], Kind::Safetensors),
        (&odd, Kind::Safetensors),
        (b"PK\x03\x04rest", Kind::PyTorch),
        (&tar, Kind::PyTorch),
        (&legacy, Kind::PyTorch),
        (&oldest, Kind::PyTorch),
        (b"\x80\x02}q\0.", Kind::PyTorch),
        (b"NRUB\x01\0", Kind::Burnpack),
    ] {
        assert_eq!(kind(start), Ok(expected), "{start:?}");
    }
    for (start, said) in [
        (&b""[..], "empty"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"\n<!DOCTYPE html><html>", "web page"),
        (&[0; 20], "zeros"),
        (b"{\"network\": 1}", "JSON"),
        (b"ImageId,x\n", "none of these"),
    ] {
        assert!(kind(start).unwrap_err().contains(said), "{start:?}");
    }
}
