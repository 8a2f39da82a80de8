//! The signs of kinds of sites, drawn here as plain shapes in a box of −5 to 5, y downwards.

/// The sign of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Glyph {
    /// An aeroplane.
    Airport,
    /// An anchor.
    Port,
    /// The front of a train.
    Station,
    /// A box.
    Logistics,
    /// A dam with its water.
    Dam,
    /// A drop.
    Reservoir,
    /// Furrows with a stalk.
    Irrigation,
    /// A flash.
    Energy,
    /// A flame.
    Gas,
    /// A factory.
    Industry,
    /// A flask.
    Science,
    /// Columns below a gable.
    Finance,
    /// A bag.
    Shopping,
    /// A pavilion.
    Tourism,
    /// A conifer.
    Nature,
    /// Blocks of a new town.
    NewArea,
    /// Two arrows, one each way.
    Trade,
}

/// A shape of a sign; later ones lie on top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GlyphPart {
    /// A filled ring.
    Area(&'static [(f64, f64)]),
    /// A ring in the colour of the disc below.
    Hole(&'static [(f64, f64)]),
    /// A line with round ends, and its width.
    Line(&'static [(f64, f64)], f64),
}

use GlyphPart::{Area, Hole, Line};

impl Glyph {
    /// All signs.
    pub const ALL: [Self; 17] = [
        Self::Airport,
        Self::Port,
        Self::Station,
        Self::Logistics,
        Self::Dam,
        Self::Reservoir,
        Self::Irrigation,
        Self::Energy,
        Self::Gas,
        Self::Industry,
        Self::Science,
        Self::Finance,
        Self::Shopping,
        Self::Tourism,
        Self::Nature,
        Self::NewArea,
        Self::Trade,
    ];
    /// Half the side of the box.
    pub const HALF: f64 = 5.0;
    /// Radius of the disc on the page, and how much of it the box takes.
    pub const DISC_MM: f64 = 2.1;
    /// Half the side of the box by the radius of the disc.
    pub const SHARE: f64 = 0.66;

    /// What it is drawn of.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table of shapes")]
    pub fn parts(self) -> &'static [GlyphPart] {
        match self {
            Self::Airport => &[Area(&[
                (0.0, -4.8),
                (0.75, -3.9),
                (0.75, -1.4),
                (4.7, 1.3),
                (4.7, 2.4),
                (0.75, 1.2),
                (0.75, 3.1),
                (2.0, 4.1),
                (2.0, 4.8),
                (0.0, 4.3),
                (-2.0, 4.8),
                (-2.0, 4.1),
                (-0.75, 3.1),
                (-0.75, 1.2),
                (-4.7, 2.4),
                (-4.7, 1.3),
                (-0.75, -1.4),
                (-0.75, -3.9),
            ])],
            Self::Port => &[
                Line(
                    &[
                        (0.0, -2.2),
                        (-0.9, -3.1),
                        (0.0, -4.0),
                        (0.9, -3.1),
                        (0.0, -2.2),
                    ],
                    0.9,
                ),
                Line(&[(0.0, -2.0), (0.0, 4.2)], 1.1),
                Line(&[(-2.1, -0.9), (2.1, -0.9)], 1.1),
                Line(
                    &[
                        (-4.0, 1.1),
                        (-3.4, 2.6),
                        (-2.0, 3.8),
                        (0.0, 4.3),
                        (2.0, 3.8),
                        (3.4, 2.6),
                        (4.0, 1.1),
                    ],
                    1.1,
                ),
            ],
            Self::Station => &[
                Area(&[
                    (-3.0, -3.4),
                    (-2.1, -4.5),
                    (2.1, -4.5),
                    (3.0, -3.4),
                    (3.0, 2.3),
                    (-3.0, 2.3),
                ]),
                Hole(&[(-1.9, -3.1), (1.9, -3.1), (1.9, -0.7), (-1.9, -0.7)]),
                Hole(&[(-2.0, 0.4), (-0.9, 0.4), (-0.9, 1.3), (-2.0, 1.3)]),
                Hole(&[(0.9, 0.4), (2.0, 0.4), (2.0, 1.3), (0.9, 1.3)]),
                Line(&[(-1.6, 2.7), (-2.8, 4.4)], 1.0),
                Line(&[(1.6, 2.7), (2.8, 4.4)], 1.0),
            ],
            Self::Logistics => &[
                Area(&[(-4.2, -3.2), (4.2, -3.2), (4.2, 4.2), (-4.2, 4.2)]),
                Hole(&[(-4.2, -1.5), (4.2, -1.5), (4.2, -0.7), (-4.2, -0.7)]),
                Hole(&[(-1.1, -0.7), (1.1, -0.7), (1.1, 1.5), (-1.1, 1.5)]),
            ],
            Self::Dam => &[
                Area(&[(-4.6, -3.6), (-0.4, -3.6), (3.4, 4.2), (-4.6, 4.2)]),
                Hole(&[(-3.4, -2.2), (-1.3, -2.2), (1.1, 3.0), (-3.4, 3.0)]),
                Line(&[(2.4, -1.6), (3.2, -2.2), (4.0, -1.6)], 0.9),
                Line(&[(3.4, 1.2), (3.9, 0.7), (4.4, 1.2)], 0.9),
                Area(&[(-2.5, 0.0), (-0.3, 0.0), (0.6, 2.2), (-2.5, 2.2)]),
            ],
            Self::Reservoir => &[
                Area(&[
                    (0.0, -4.9),
                    (1.5, -2.6),
                    (2.8, -0.3),
                    (3.3, 1.4),
                    (2.9, 3.0),
                    (1.7, 4.2),
                    (0.0, 4.6),
                    (-1.7, 4.2),
                    (-2.9, 3.0),
                    (-3.3, 1.4),
                    (-2.8, -0.3),
                    (-1.5, -2.6),
                ]),
                Hole(&[
                    (-1.9, 1.2),
                    (-1.1, 1.2),
                    (-0.8, 2.3),
                    (0.2, 3.0),
                    (0.0, 3.7),
                    (-1.3, 3.0),
                ]),
            ],
            Self::Irrigation => &[
                Line(
                    &[(-4.2, 4.0), (-2.1, 3.0), (0.0, 4.0), (2.1, 3.0), (4.2, 4.0)],
                    1.0,
                ),
                Line(&[(0.0, 2.2), (0.0, -1.5)], 1.0),
                Area(&[
                    (0.0, 0.6),
                    (0.6, -2.4),
                    (2.2, -3.9),
                    (4.3, -4.4),
                    (3.9, -1.8),
                    (2.3, -0.2),
                ]),
                Area(&[
                    (0.0, 1.6),
                    (-0.5, -0.6),
                    (-1.8, -1.9),
                    (-4.0, -2.3),
                    (-3.5, 0.0),
                    (-2.0, 1.2),
                ]),
            ],
            Self::Energy => &[Area(&[
                (1.2, -4.9),
                (-3.2, 0.9),
                (-0.5, 0.9),
                (-1.2, 4.9),
                (3.2, -1.1),
                (0.5, -1.1),
            ])],
            Self::Gas => &[
                Area(&[
                    (0.4, -4.9),
                    (1.3, -3.0),
                    (2.9, -1.0),
                    (3.4, 1.0),
                    (3.0, 3.0),
                    (1.8, 4.4),
                    (0.0, 4.8),
                    (-1.8, 4.4),
                    (-3.0, 3.0),
                    (-3.4, 1.0),
                    (-2.6, -1.2),
                    (-1.6, 0.2),
                    (-0.9, -1.6),
                ]),
                Hole(&[
                    (0.1, 0.2),
                    (1.5, 2.2),
                    (1.0, 3.6),
                    (0.0, 4.0),
                    (-1.0, 3.6),
                    (-1.4, 2.4),
                    (-0.5, 1.9),
                ]),
            ],
            Self::Industry => &[
                Area(&[
                    (-4.4, 4.0),
                    (-4.4, -0.2),
                    (-1.7, -2.4),
                    (-1.7, -0.2),
                    (1.0, -2.4),
                    (1.3, -4.6),
                    (3.3, -4.6),
                    (4.2, 4.0),
                ]),
                Hole(&[(-3.0, 1.2), (-1.8, 1.2), (-1.8, 2.4), (-3.0, 2.4)]),
                Hole(&[(-0.4, 1.2), (0.8, 1.2), (0.8, 2.4), (-0.4, 2.4)]),
            ],
            Self::Science => &[
                Area(&[
                    (-1.3, -4.4),
                    (1.3, -4.4),
                    (1.3, -1.2),
                    (4.2, 3.6),
                    (3.6, 4.6),
                    (-3.6, 4.6),
                    (-4.2, 3.6),
                    (-1.3, -1.2),
                ]),
                Line(&[(-1.9, -4.4), (1.9, -4.4)], 0.8),
                Hole(&[
                    (-0.5, -3.4),
                    (0.5, -3.4),
                    (0.5, -0.8),
                    (1.5, 0.9),
                    (-1.5, 0.9),
                    (-0.5, -0.8),
                ]),
            ],
            Self::Finance => &[
                Area(&[(0.0, -4.8), (4.5, -2.1), (-4.5, -2.1)]),
                Line(&[(-3.0, -0.9), (-3.0, 2.4)], 1.2),
                Line(&[(0.0, -0.9), (0.0, 2.4)], 1.2),
                Line(&[(3.0, -0.9), (3.0, 2.4)], 1.2),
                Line(&[(-3.9, 4.0), (3.9, 4.0)], 1.1),
            ],
            Self::Shopping => &[
                Area(&[(-3.4, -1.7), (3.4, -1.7), (4.0, 4.5), (-4.0, 4.5)]),
                Line(
                    &[
                        (-1.7, -1.7),
                        (-1.7, -3.2),
                        (-0.8, -4.3),
                        (0.8, -4.3),
                        (1.7, -3.2),
                        (1.7, -1.7),
                    ],
                    0.9,
                ),
            ],
            Self::Tourism => &[
                Area(&[
                    (0.0, -4.9),
                    (1.2, -3.4),
                    (4.6, -1.4),
                    (4.2, -0.6),
                    (-4.2, -0.6),
                    (-4.6, -1.4),
                    (-1.2, -3.4),
                ]),
                Line(&[(-2.6, -0.4), (-2.6, 3.6)], 1.1),
                Line(&[(2.6, -0.4), (2.6, 3.6)], 1.1),
                Line(&[(-3.9, 4.1), (3.9, 4.1)], 1.0),
            ],
            Self::Nature => &[Area(&[
                (0.0, -4.9),
                (2.5, -1.6),
                (1.4, -1.6),
                (3.6, 2.0),
                (0.7, 2.0),
                (0.7, 4.7),
                (-0.7, 4.7),
                (-0.7, 2.0),
                (-3.6, 2.0),
                (-1.4, -1.6),
                (-2.5, -1.6),
            ])],
            Self::NewArea => &[
                Area(&[(-4.2, -4.2), (-0.5, -4.2), (-0.5, -0.5), (-4.2, -0.5)]),
                Area(&[(0.5, -4.2), (4.2, -4.2), (4.2, -0.5), (0.5, -0.5)]),
                Area(&[(-4.2, 0.5), (-0.5, 0.5), (-0.5, 4.2), (-4.2, 4.2)]),
                Line(&[(2.4, 1.0), (2.4, 3.8)], 1.2),
                Line(&[(1.0, 2.4), (3.8, 2.4)], 1.2),
            ],
            Self::Trade => &[
                Area(&[
                    (-4.4, -2.6),
                    (0.8, -2.6),
                    (0.8, -4.3),
                    (4.4, -1.7),
                    (0.8, 0.9),
                    (0.8, -0.8),
                    (-4.4, -0.8),
                ]),
                Area(&[
                    (4.2, 0.9),
                    (4.2, 2.7),
                    (-0.8, 2.7),
                    (-0.8, 4.4),
                    (-4.4, 1.8),
                    (-0.8, -0.1),
                    (-0.8, 0.9),
                ]),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_keeps_in_its_box_and_fills_some_of_it() {
        for glyph in Glyph::ALL {
            let (mut least, mut most) = (Glyph::HALF, -Glyph::HALF);
            for part in glyph.parts() {
                let (points, beyond) = match part {
                    Area(points) | Hole(points) => (*points, 0.0),
                    Line(points, width) => (*points, width / 2.0),
                };
                for (x, y) in points {
                    assert!(
                        x.abs().max(y.abs()) + beyond <= Glyph::HALF,
                        "{glyph:?}: {x}, {y}"
                    );
                    // Inside the disc, with its corners.
                    assert!(
                        x.hypot(*y) * Glyph::SHARE / Glyph::HALF < 0.9,
                        "{glyph:?}: {x}, {y}"
                    );
                    (least, most) = (least.min(*y), most.max(*y));
                }
            }
            assert!(most - least > 7.0, "{glyph:?} is low");
        }
    }

    #[test]
    fn no_two_signs_are_alike() {
        for (index, glyph) in Glyph::ALL.iter().enumerate() {
            for other in &Glyph::ALL[index + 1..] {
                assert_ne!(glyph.parts(), other.parts(), "{glyph:?} and {other:?}");
            }
        }
    }
}
