//! Colours of the themes: told apart by colour-blind readers, checked in `docs/style.md`.

use crate::style::Colour;

/// White lines between members.
pub const MEMBER_BORDER: Colour = Colour::hex(0x00FF_FFFF);
/// Cores and accents.
pub const ACCENT: Colour = Colour::hex(0x00B2_3A2A);
/// Railways: nearly ink.
pub const RAIL: Colour = Colour::hex(0x0020_262C);
/// Fast railways.
pub const FAST_RAIL: Colour = Colour::hex(0x008E_2C6B);
/// Text and nodes.
pub const INK: Colour = Colour::hex(0x001E_2227);

/// Roles in the metropolitan area, in the order of the plan.
pub const ROLES: [(&str, Colour); 5] = [
    ("中心城区", Colour::hex(0x00A9_3D2B)),
    ("同城化", Colour::hex(0x00F0_A173)),
    ("战略支点", Colour::hex(0x004B_77A4)),
    ("桥头堡", Colour::hex(0x00F5_E4A3)),
    ("北部副中心", Colour::hex(0x00A3_CBBF)),
];

/// The axis, and its name.
pub const AXIS: Colour = Colour::hex(0x00E2_A04A);
/// The name of the axis.
pub const AXIS_NAME: Colour = Colour::hex(0x008A_4B08);
/// A belt, and its name.
pub const BELT: Colour = Colour::hex(0x006F_A8C9);
/// The name of a belt.
pub const BELT_NAME: Colour = Colour::hex(0x001F_5C84);
/// North, middle and south corridor.
pub const CORRIDORS: [Colour; 3] = [
    Colour::hex(0x002B_6CA3),
    Colour::hex(0x00B2_3A2A),
    Colour::hex(0x0043_265A),
];
/// Area of a core city below the axis.
pub const CORE_AREA: Colour = Colour::hex(0x00F3_DCC4);
/// Area of a node city below the axis.
pub const NODE_AREA: Colour = Colour::hex(0x00F7_E9D3);

/// Roles of members in any plan, in the order in which they come.
pub const MEMBER_ROLES: [Colour; 8] = [
    Colour::hex(0x00A9_3D2B),
    Colour::hex(0x00F0_A173),
    Colour::hex(0x004B_77A4),
    Colour::hex(0x00F5_E4A3),
    Colour::hex(0x00A3_CBBF),
    Colour::hex(0x007F_AE78),
    Colour::hex(0x00CD_BCDD),
    Colour::hex(0x00CF_BE94),
];
