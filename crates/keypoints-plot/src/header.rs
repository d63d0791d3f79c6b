//! Title and legend, which stand above every picture.

use plotters::element::{Circle, EmptyElement, PathElement, Rectangle};

use crate::area::{Area, DrawResult, px};
use crate::mark_style::{MarkStyle, draw_mark};
use crate::style::{
    Align, Colour, INK, LABEL_SIZE, SOFT_INK, TITLE_SIZE, best_dot, diamond, fill, line, text,
    width, write,
};

const TITLE_HEIGHT: i32 = 34;
const ROW_HEIGHT: i32 = 24;
const SYMBOL_WIDTH: i32 = 20;
const SYMBOL_GAP: i32 = 7;
const ENTRY_GAP: i32 = 16;

/// How the legend shows a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Symbol {
    Line,
    Dashes,
    Box,
    Dot,
    /// Larger than a dot, with a light heart.
    BestDot,
    /// Hollow.
    Diamond,
    /// An upright stroke.
    Tick,
    Mark(MarkStyle),
}

/// One series in the legend.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) symbol: Symbol,
    pub(crate) colour: Colour,
    pub(crate) name: String,
}

/// Title and legend with their places: `left` and `top` are the corner of the block, in pixels.
pub(crate) struct Header<'a> {
    title: &'a str,
    entries: Vec<(Entry, (i32, i32))>,
    left: i32,
    top: i32,
    /// Height of the block, in pixels.
    pub(crate) height: i32,
}

impl<'a> Header<'a> {
    /// Breaks the legend into rows of at most `room` pixels.
    pub(crate) fn new(
        title: &'a str,
        entries: Vec<Entry>,
        (left, top): (i32, i32),
        room: i32,
    ) -> Self {
        let style = text(LABEL_SIZE, INK, false);
        let mut height = if title.is_empty() { 0 } else { TITLE_HEIGHT };
        let mut at = 0;
        let mut placed = Vec::with_capacity(entries.len());
        for entry in entries {
            // Where an SVG is shown in another font, its words may be wider.
            let words = width(&entry.name, &style) * 9 / 8;
            let wide = SYMBOL_WIDTH + SYMBOL_GAP + words / px(1) + 1;
            if at > 0 && at + wide > room {
                at = 0;
                height += ROW_HEIGHT;
            }
            placed.push((entry, (left + at, top + height)));
            at += wide + ENTRY_GAP;
        }
        if !placed.is_empty() {
            height += ROW_HEIGHT + 4;
        }
        Self { title, entries: placed, left, top, height }
    }

    pub(crate) fn draw(&self, area: &Area<'_>) -> DrawResult {
        if !self.title.is_empty() {
            let place = (px(self.left), px(self.top + TITLE_HEIGHT / 2 - 4));
            write(area, self.title, &text(TITLE_SIZE, INK, true), Align::Left, place)?;
        }
        for (entry, (left, top)) in &self.entries {
            let (x, y) = (px(*left), px(top + ROW_HEIGHT / 2));
            let (end, middle) = (x + px(SYMBOL_WIDTH), x + px(SYMBOL_WIDTH) / 2);
            match entry.symbol {
                Symbol::Line => {
                    area.draw(&PathElement::new([(x, y), (end, y)], line(entry.colour, 2.5)))?;
                }
                Symbol::Box => {
                    let corners = [(x + px(4), y - px(6)), (x + px(16), y + px(6))];
                    area.draw(&Rectangle::new(corners, fill(entry.colour)))?;
                }
                Symbol::Dashes => {
                    for from in [0, 7, 14] {
                        let ends = [(x + px(from), y), (x + px(from + 5), y)];
                        area.draw(&PathElement::new(ends, line(entry.colour, 1.5)))?;
                    }
                }
                Symbol::Dot => {
                    area.draw(&Circle::new((middle, y), px(4), fill(entry.colour)))?;
                }
                Symbol::BestDot => {
                    for dot in best_dot((middle, y), entry.colour) {
                        area.draw(&dot)?;
                    }
                }
                Symbol::Diamond => {
                    area.draw(&(EmptyElement::at((middle, y)) + diamond(entry.colour)))?;
                }
                Symbol::Tick => {
                    let ends = [(middle, y - px(7)), (middle, y + px(7))];
                    area.draw(&PathElement::new(ends, line(entry.colour, 2.0)))?;
                }
                Symbol::Mark(style) => {
                    draw_mark(area, style, entry.colour, (middle, y), 4.0)?;
                }
            }
            let place = (end + px(SYMBOL_GAP), y);
            write(area, &entry.name, &text(LABEL_SIZE, SOFT_INK, false), Align::Left, place)?;
        }
        Ok(())
    }
}
