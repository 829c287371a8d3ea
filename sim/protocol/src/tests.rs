//! What must hold of the chain as a whole, one question a file.

mod calls;
mod committee;
mod eras;
mod random;
mod rejections;
mod sabotage;
mod settlement;
mod trust;
