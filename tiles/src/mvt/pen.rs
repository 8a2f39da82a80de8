//! Positions as the commands of a geometry.

use super::GridPoint;
use super::wire::{varint, zigzag};

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7;

/// Turns positions into steps from where it is (section 4.3).
#[derive(Default)]
pub struct Pen {
    at: GridPoint,
    /// Of all features since it was cleared.
    pub(super) commands: Vec<u8>,
}

impl Pen {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.commands.clear();
        self.next();
    }

    /// Begins a feature: its steps are from the corner of the tile. Returns where its commands start.
    pub(super) fn next(&mut self) -> usize {
        self.at = (0, 0);
        self.commands.len()
    }

    /// Draws points.
    pub fn points(&mut self, points: &[GridPoint]) {
        if !points.is_empty() {
            self.command(MOVE_TO, points.len());
            for &point in points {
                self.step(point);
            }
        }
    }

    /// Draws a line.
    pub fn line(&mut self, points: &[GridPoint]) {
        let Some((&first, rest)) = points.split_first() else {
            return;
        };
        self.command(MOVE_TO, 1);
        self.step(first);
        if !rest.is_empty() {
            self.command(LINE_TO, rest.len());
            for &point in rest {
                self.step(point);
            }
        }
    }

    /// Draws a ring, its last point not repeated. The exterior comes before its holes.
    pub fn ring(&mut self, points: &[GridPoint]) {
        self.line(points);
        self.command(CLOSE_PATH, 1);
    }

    fn command(&mut self, id: u64, count: usize) {
        varint((count as u64) << 3 | id, &mut self.commands);
    }

    #[inline]
    fn step(&mut self, to: GridPoint) {
        varint(
            zigzag(i64::from(to.0) - i64::from(self.at.0)),
            &mut self.commands,
        );
        varint(
            zigzag(i64::from(to.1) - i64::from(self.at.1)),
            &mut self.commands,
        );
        self.at = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(draw: impl Fn(&mut Pen)) -> Vec<u8> {
        let mut pen = Pen::default();
        draw(&mut pen);
        pen.commands
    }

    #[test]
    fn commands_are_those_of_the_specification() {
        // The examples of section 4.3.5.
        assert_eq!(commands(|pen| pen.points(&[(25, 17)])), [9, 50, 34]);
        assert_eq!(
            commands(|pen| pen.points(&[(5, 7), (3, 2)])),
            [17, 10, 14, 3, 9]
        );
        let lines = commands(|pen| {
            pen.line(&[(2, 2), (2, 10), (10, 10)]);
            pen.line(&[(1, 1), (3, 5)]);
        });
        assert_eq!(lines, [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]);
        assert_eq!(
            commands(|pen| pen.ring(&[(3, 6), (8, 12), (20, 34)])),
            [9, 6, 12, 18, 10, 12, 24, 44, 15]
        );
    }
}
