//! How each candidate fared in a round: the filters it fails, its score card, its draw.
//!
//! A round stops at each candidate as early as it can; this evaluates everything, for people who
//! ask why.

use crate::candidate::Candidate;
use crate::core::{Contest, Entrant};
use crate::eligible::{Filter, Reject};
use crate::noise::Noise;
use crate::round::{Round, RoundInput};
use crate::score::{DrawKey, Points, ScoreCard};
use units::{Ppm, ProviderId, Span};

/// How one candidate fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Its place in the caller's vector.
    pub provider: ProviderId,
    /// Every filter that it fails, in the fixed order; the first is the reason that counts. A
    /// filter that the round dropped is not among them.
    pub rejects: Vec<Reject>,
    /// Whether its bid came after the window had closed.
    pub is_late: bool,
    /// The round trip to the tenant; none when its region is unknown.
    pub rtt: Option<Span>,
    /// The seven scores; none when its region is unknown.
    pub card: Option<ScoreCard>,
    /// The weighted mean of the seven, rounded down.
    pub score: Ppm,
    /// Its Gumbel variate in this round, in Q32.32, whether or not the core reads it.
    pub noise: i64,
    /// What it was ranked by; none for the rejected and the late.
    pub draw_key: Option<DrawKey>,
}

/// Assesses every candidate of `round`, which `input` and the same candidates gave.
pub fn assess(
    input: &RoundInput<'_>,
    candidates: &[Candidate],
    round: &Round,
    mut bid_in_time: impl FnMut(&Candidate) -> bool,
) -> Vec<Assessment> {
    let filter = Filter::new(input.order, input.rtt_from_tenant).without(round.dropped);
    let mut noise = Noise::new(input.ticket);
    let mut all: Vec<Assessment> = Vec::new();
    let mut admitted: Vec<Entrant<'_>> = Vec::new();
    let mut places = Vec::new();
    for (place, candidate) in candidates.iter().enumerate() {
        let is_late = !bid_in_time(candidate);
        let (assessment, points) = look_at(input, &filter, candidate, is_late, &mut noise);
        if let (Some(rtt), true) = (assessment.rtt, assessment.rejects.is_empty() && !is_late) {
            admitted.push(Entrant { candidate, rtt, points, noise: assessment.noise });
            places.push(place);
        }
        all.push(assessment);
    }
    let contest = Contest { order: input.order, ticket: input.ticket, scoring: input.scoring };
    for (place, key) in places.into_iter().zip(input.core.keys(&contest, &admitted)) {
        all[place].draw_key = Some(key);
    }
    all
}

/// All but the key, which some cores give in view of all that were admitted.
fn look_at(
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    candidate: &Candidate,
    is_late: bool,
    noise: &mut Noise,
) -> (Assessment, Points) {
    let failures = filter.failures(candidate);
    let fails = |reject: &Reject| failures >> (*reject as u32) & 1 == 1;
    let rtt = candidate.rtt(input.rtt_from_tenant);
    let card = rtt.map(|rtt| input.scoring.card(input.order, candidate, rtt));
    let points = card.map_or(Points(0), |card| input.scoring.points(&card));
    let assessment = Assessment {
        provider: candidate.provider,
        rejects: Reject::ALL.into_iter().filter(fails).collect(),
        is_late,
        rtt,
        card,
        score: input.scoring.score(points),
        noise: noise.gumbel(candidate.number),
        draw_key: None,
    };
    (assessment, points)
}
