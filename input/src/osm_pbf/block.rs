//! A block: a table of strings, and nodes, ways and relations that point into it.

use super::protobuf::{Fields, Packed, damaged, zigzag};
use crate::Problem;

/// Tags as pairs of texts.
pub(crate) type Tags<'a> = [(&'a str, &'a str)];

/// A position in ten-millionths of a degree, longitude first.
pub(crate) type Fixed = (i32, i32);

/// What a member of a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberKind {
    Node,
    Way,
    Relation,
}

/// A member with its role.
pub(crate) struct Member<'a> {
    pub(crate) kind: MemberKind,
    pub(crate) id: i64,
    pub(crate) role: &'a str,
}

/// Takes the elements of a block; what a pass does not want it leaves undone.
pub(crate) trait Pass {
    const NODES: bool = false;
    const WAYS: bool = false;
    const RELATIONS: bool = false;

    /// A node; `None` when its position is off the globe.
    fn node(
        &mut self,
        _id: i64,
        _at: Option<Fixed>,
        _tags: &Tags,
    ) -> Result<(), crate::intake::Stop> {
        Ok(())
    }
    /// A way with its nodes.
    fn way(&mut self, _id: i64, _nodes: &[i64], _tags: &Tags) {}
    /// A relation with its members.
    fn relation(&mut self, _id: i64, _members: &[Member], _tags: &Tags) {}
}

struct Block<'a> {
    strings: Vec<&'a [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

/// Hands every element of a block that `pass` wants to it.
pub(crate) fn walk<P: Pass>(bytes: &[u8], pass: &mut P) -> Result<(), crate::intake::Stop> {
    let mut block = Block {
        strings: Vec::new(),
        granularity: 100,
        lat_offset: 0,
        lon_offset: 0,
    };
    let mut groups = Vec::new();
    let mut fields = Fields(bytes);
    while let Some((number, value)) = fields.next()? {
        match number {
            1 => {
                let mut strings = Fields(value.bytes()?);
                while let Some((number, value)) = strings.next()? {
                    if number == 1 {
                        block.strings.push(value.bytes()?);
                    }
                }
            }
            2 => groups.push(value.bytes()?),
            17 => block.granularity = signed(value.varint()?),
            19 => block.lat_offset = signed(value.varint()?),
            20 => block.lon_offset = signed(value.varint()?),
            _ => {}
        }
    }
    for group in groups {
        let mut fields = Fields(group);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 if P::NODES => block.node(value.bytes()?, pass)?,
                2 if P::NODES => block.dense(value.bytes()?, pass)?,
                3 if P::WAYS => block.way(value.bytes()?, pass)?,
                4 if P::RELATIONS => block.relation(value.bytes()?, pass)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// A plain number with a sign: two's complement in 64 bits.
#[expect(clippy::cast_possible_wrap, reason = "that is how it is written")]
fn signed(number: u64) -> i64 {
    number as i64
}

fn add(sum: &mut i64, delta: i64) -> Result<(), Problem> {
    *sum = sum
        .checked_add(delta)
        .ok_or_else(|| damaged("a number beyond 64 bits", "an id or a position"))?;
    Ok(())
}

impl<'a> Block<'a> {
    fn string(&self, index: u64) -> Result<&'a str, Problem> {
        let bytes = usize::try_from(index)
            .ok()
            .and_then(|index| self.strings.get(index));
        let bytes = bytes.ok_or_else(|| {
            damaged(
                &format!("string {index} of {}", self.strings.len()),
                "one of them",
            )
        })?;
        std::str::from_utf8(bytes).map_err(|_| damaged("text that is not UTF-8", "UTF-8"))
    }

    fn tags(
        &self,
        mut keys: Packed,
        mut values: Packed,
    ) -> Result<Vec<(&'a str, &'a str)>, Problem> {
        let mut tags = Vec::new();
        while let Some(key) = keys.next()? {
            let value = values
                .next()?
                .ok_or_else(|| damaged("a key without value", "one"))?;
            tags.push((self.string(key)?, self.string(value)?));
        }
        Ok(tags)
    }

    fn position(&self, lon: i64, lat: i64) -> Option<Fixed> {
        let fixed = |raw: i64, offset: i64, most: i64| {
            let nano = raw.checked_mul(self.granularity)?.checked_add(offset)?;
            let units = nano.checked_add(50)?.div_euclid(100);
            (units.abs() <= most * 10_000_000).then(|| i32::try_from(units).ok())?
        };
        Some((
            fixed(lon, self.lon_offset, 180)?,
            fixed(lat, self.lat_offset, 90)?,
        ))
    }

    fn node(&self, bytes: &[u8], pass: &mut impl Pass) -> Result<(), crate::intake::Stop> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        let mut fields = Fields(bytes);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => id = zigzag(value.varint()?),
                2 => keys = Packed(value.bytes()?),
                3 => values = Packed(value.bytes()?),
                8 => lat = zigzag(value.varint()?),
                9 => lon = zigzag(value.varint()?),
                _ => {}
            }
        }
        pass.node(id, self.position(lon, lat), &self.tags(keys, values)?)
    }

    fn dense(&self, bytes: &[u8], pass: &mut impl Pass) -> Result<(), crate::intake::Stop> {
        let [mut ids, mut lats, mut lons, mut tags] = [Packed::default(); 4];
        let mut fields = Fields(bytes);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => ids = Packed(value.bytes()?),
                8 => lats = Packed(value.bytes()?),
                9 => lons = Packed(value.bytes()?),
                10 => tags = Packed(value.bytes()?),
                _ => {}
            }
        }
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let mut pairs = Vec::new();
        while let Some(delta) = ids.next()? {
            add(&mut id, zigzag(delta))?;
            add(&mut lat, lats.signed()?)?;
            add(&mut lon, lons.signed()?)?;
            pairs.clear();
            // Key, value, …, 0; no list at all when no node of the group has tags.
            while let Some(key) = tags.next()?.filter(|key| *key != 0) {
                let value = tags
                    .next()?
                    .ok_or_else(|| damaged("a key without value", "one"))?;
                pairs.push((self.string(key)?, self.string(value)?));
            }
            pass.node(id, self.position(lon, lat), &pairs)?;
        }
        Ok(())
    }

    fn way(&self, bytes: &[u8], pass: &mut impl Pass) -> Result<(), Problem> {
        let mut id = 0;
        let [mut keys, mut values, mut refs] = [Packed::default(); 3];
        let mut fields = Fields(bytes);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => id = signed(value.varint()?),
                2 => keys = Packed(value.bytes()?),
                3 => values = Packed(value.bytes()?),
                8 => refs = Packed(value.bytes()?),
                _ => {}
            }
        }
        let mut nodes = Vec::new();
        let mut node = 0;
        while let Some(delta) = refs.next()? {
            add(&mut node, zigzag(delta))?;
            nodes.push(node);
        }
        pass.way(id, &nodes, &self.tags(keys, values)?);
        Ok(())
    }

    fn relation(&self, bytes: &[u8], pass: &mut impl Pass) -> Result<(), Problem> {
        let mut id = 0;
        let [mut keys, mut values, mut roles, mut ids, mut kinds] = [Packed::default(); 5];
        let mut fields = Fields(bytes);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => id = signed(value.varint()?),
                2 => keys = Packed(value.bytes()?),
                3 => values = Packed(value.bytes()?),
                8 => roles = Packed(value.bytes()?),
                9 => ids = Packed(value.bytes()?),
                10 => kinds = Packed(value.bytes()?),
                _ => {}
            }
        }
        let mut members = Vec::new();
        let mut member = 0;
        while let Some(delta) = ids.next()? {
            add(&mut member, zigzag(delta))?;
            let missing = || damaged("a member without role or type", "both");
            let kind = match kinds.next()?.ok_or_else(missing)? {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                2 => MemberKind::Relation,
                other => return Err(damaged(&format!("member type {other}"), "0, 1 or 2")),
            };
            members.push(Member {
                kind,
                id: member,
                role: self.string(roles.next()?.ok_or_else(missing)?)?,
            });
        }
        pass.relation(id, &members, &self.tags(keys, values)?);
        Ok(())
    }
}
