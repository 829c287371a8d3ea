//! What must hold of the chain as a whole, one question a file.

mod calls;
mod eras;
mod random;
mod rejections;
mod sabotage;
mod settlement;
mod trust;
