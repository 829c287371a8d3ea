//! What draws of this crate are for. A number, once given, is never reused for another purpose;
//! the world's stay below 100.

use engine::draws::Purpose;

/// The innovation of one driver in one piece of one step.
pub const INNOVATION: Purpose = Purpose(100);
/// When a chain of regimes leaves its regime, and for which.
pub const SWITCH: Purpose = Purpose(101);
/// When the next jump of one driver is, and how large.
pub const JUMP: Purpose = Purpose(102);
/// Whether a block of history ends, and where the next one starts.
pub const BLOCK: Purpose = Purpose(103);
