//! What must hold of the chain as a whole, one question a file.

mod calls;
mod committee;
mod emission;
mod eras;
mod faults;
mod modes;
mod rails;
mod random;
mod rejections;
mod sabotage;
mod settlement;
mod staking;
mod supply;
mod trust;
