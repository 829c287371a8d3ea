//! Verbs: what each actor does when something happens. Handlers are called `on_...`, draws
//! `draw_...`; consequences go to the outbox.

pub mod admission;
pub mod arrivals;
pub mod bidding;
pub mod census;
pub mod chain;
pub mod choice;
pub mod committee;
pub mod cool_down;
pub mod cost;
pub mod delegation;
pub mod entry;
pub mod era;
pub mod fault;
pub mod gas;
pub mod hardware;
pub mod hour;
pub mod job;
pub mod line;
pub mod logit;
pub mod maintenance;
pub mod misconduct;
pub mod moving;
pub mod operator;
pub mod outlook;
pub mod outside;
pub mod owner;
pub mod pace;
pub mod provider;
pub mod rent;
pub mod shelf;
pub mod stake;
pub mod tenant;
pub mod trace;
pub mod view;
pub mod wallet;
