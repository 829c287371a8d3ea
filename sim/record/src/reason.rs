//! The closed lists of words that rows use.

/// Declares a closed list of words with their text in tables.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$word_doc])* $word,)* }

        impl $name {
            /// All words of the list, in order.
            pub const ALL: &'static [$name] = &[$($name::$word,)*];

            /// The word in tables and reports.
            pub const fn name(self) -> &'static str {
                match self { $($name::$word => $text,)* }
            }

            /// The word whose text is `text`.
            pub fn from_name(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$word),)* _ => None }
            }
        }
    };
}

words! {
    /// What became of an order.
    OrderOutcome {
        /// A lease opened and its job started.
        Started = "started",
        /// No admissible bid, or every drawn provider missed.
        Unmatched = "unmatched",
        /// A lease opened and ended before its job started.
        LostBeforeStart = "lost_before_start",
        /// Still on its way when the run ended.
        Open = "open",
    }
}

words! {
    /// Why an order was not matched: the first filter, in the fixed order, that nobody passed.
    UnmatchedReason {
        /// It was matched, or is still open.
        None = "none",
        /// No provider that passed the rules so far was active: down, in maintenance or banned.
        ProviderInactive = "provider_inactive",
        /// Nobody of the asked service class.
        Mode = "mode",
        /// Nobody of the asked trust tiers.
        TrustTier = "trust_tier",
        /// Nobody with the asked uptime over the last eras.
        UptimeMinimum = "uptime_minimum",
        /// Everybody left was on the exclusion list.
        Excluded = "excluded",
        /// Nobody in the asked regions.
        Region = "region",
        /// Nobody where the law lets the order's data be.
        Law = "law",
        /// Nobody with a card that will do.
        Card = "card",
        /// Nobody with that many GPUs on one node, free or not.
        NodeSize = "node_size",
        /// Cards of the kind exist and are up, but all are in use.
        Capacity = "capacity",
        /// Nobody with enough processor, memory, disk or bandwidth beside the GPUs.
        Host = "host",
        /// Every bid was above the ceiling.
        Price = "price",
        /// Nobody had stake enough for the machine.
        Stake = "stake",
        /// Nobody near enough, where that is a hard rule.
        Latency = "latency",
        /// Everybody left had an owner with as many open leases as one may have.
        OwnerCap = "owner_cap",
        /// Every bid came after the window had closed.
        WindowMissed = "window_missed",
        /// There were bids, but every drawn provider was taken or silent.
        DrawsExhausted = "draws_exhausted",
        /// Operators with enough stake never signed the same result, retries included.
        QuorumMissed = "quorum_missed",
        /// What the tenant must pay with could not be had: credits or tokens.
        Payment = "payment",
        /// Somebody could have served, but the operators' views showed nobody.
        Unseen = "unseen",
        /// Its own gas would have cost its tenant too large a part of its price: it was not sent.
        Gas = "gas",
        /// It would have had to wait, and its line was at its limit.
        LineFull = "line_full",
        /// Its tenant is banned.
        Banned = "banned",
    }
}

words! {
    /// What a provider is to the question of a scenario.
    ProviderRole {
        /// Nothing in particular.
        Ordinary = "ordinary",
        /// It joined after the start, without a past.
        Newcomer = "newcomer",
        /// One of several identities of one owner.
        Split = "split",
        /// A sequencer that can choose a beacon would have it win.
        Favoured = "favoured",
        /// A user's own, declared one by one.
        Fleet = "fleet",
        /// A machine that an owner added to those that it had.
        Added = "added",
    }
}

words! {
    /// How a lease ended.
    LeaseEnd {
        /// The agreed time was served.
        Agreed = "agreed",
        /// The provider's machine went down and the lease closed.
        ProviderDown = "provider_down",
        /// The machine did not come back within the grace.
        GraceExpired = "grace_expired",
        /// The machine went down and the work moved elsewhere.
        Migrated = "migrated",
        /// The provider never confirmed the reservation.
        NoShow = "no_show",
        /// Its escrow could not pay any more.
        EscrowEmpty = "escrow_empty",
        /// Its work was forbidden, and was found.
        Forbidden = "forbidden",
        /// Its tenant said that the provider had failed, and a verdict said that it had not.
        DisputeLost = "dispute_lost",
        /// The same, and the verdict believed it.
        DisputeUpheld = "dispute_upheld",
        /// Its provider took it back, with notice.
        Reclaimed = "reclaimed",
        /// Its tenant ended it before its term.
        Terminated = "terminated",
        /// Still open when the run ended: its length is only known to be longer.
        Censored = "censored",
    }
}

words! {
    /// What decided where a job went: in what its venue is best ahead of the next best one.
    VenueReason {
        /// Its price, with what is paid for and not used.
        Price = "price",
        /// Fewer interruptions expected.
        Stability = "stability",
        /// A shorter wait expected.
        Wait = "wait",
        /// It is nearer.
        Latency = "latency",
        /// Its law suits.
        Law = "law",
        /// The tenant was there before.
        Habit = "habit",
        /// What else speaks for it.
        Appeal = "appeal",
        /// Nothing of these: another venue is better by all that is declared.
        Taste = "taste",
        /// The job had waited here too long.
        Waited = "waited",
        /// Its tenant is a regular there, and did not compare.
        Regular = "regular",
    }
}

words! {
    /// A state of the whole outside.
    Regime {
        /// It rises.
        Bull = "bull",
        /// It falls.
        Bear = "bear",
    }
}

words! {
    /// Why stake was taken.
    SlashKind {
        /// The machine was down while a lease on it was open.
        DowntimeInLease = "downtime_in_lease",
        /// The lease closed because the provider failed it.
        AbandonedLease = "abandoned_lease",
        /// The provider did not confirm a match.
        NoShow = "no_show",
        /// Its cards are not what it registered.
        MisreportedHardware = "misreported_hardware",
        /// It is not where it says.
        MisreportedRegion = "misreported_region",
        /// It used a tenant's data.
        DataMisuse = "data_misuse",
        /// It delivered a wrong result.
        WrongResult = "wrong_result",
    }
}

words! {
    /// What became of a job.
    JobEnd {
        /// All its work is done.
        Done = "done",
        /// Its tenant gave it up.
        GivenUp = "given_up",
        /// Its tenant took it to another venue.
        Elsewhere = "elsewhere",
        /// Its lease ended because its tenant misused it.
        Misused = "misused",
        /// The run ended first.
        Open = "open",
    }
}

words! {
    /// What a provider does that enters or leaves.
    SupplyChange {
        /// It orders hardware.
        Ordered = "ordered",
        /// It is not let in.
        Refused = "refused",
        /// It joins for the first time.
        Joined = "joined",
        /// It takes no more leases.
        Leaving = "leaving",
        /// Its machines are off the network and its stake is on its way out.
        Left = "left",
        /// It joins again after it had left.
        Returned = "returned",
        /// It takes its machines from one other network to another.
        Moved = "moved",
    }
}

words! {
    /// Why a provider enters or leaves.
    SupplyReason {
        /// The scenario says when.
        Declared = "declared",
        /// A chance that grows with what it pays.
        Logit = "logit",
        /// Hardware is worth more than it costs.
        Npv = "npv",
        /// It is worth so much more that waiting is not better.
        Option = "option",
        /// Revenue crossed a trigger.
        Hysteresis = "hysteresis",
        /// Hardware pays itself back sooner.
        Bull = "bull",
        /// The cash of the last eras together is below zero.
        Margin = "margin",
        /// It failed the check before admission.
        Admission = "admission",
        /// Its machines earn more on another network, by more than the way there costs.
        MoveNpv = "move_npv",
        /// A chance that grows with how much more they earn there.
        MoveLogit = "move_logit",
    }
}

words! {
    /// Who stands at the end of a flow.
    FlowParty {
        /// The declared outside world.
        Outside = "outside",
        /// Newly issued tokens.
        Mint = "mint",
        /// Destroyed tokens.
        Burn = "burn",
        /// Tenants' wallets.
        Tenants = "tenants",
        /// Locked money of orders and leases.
        Escrow = "escrow",
        /// Providers' wallets.
        Providers = "providers",
        /// Gateways that front home machines.
        Gateways = "gateways",
        /// The foundation.
        Treasury = "treasury",
        /// The pool that rewards are paid from.
        Rewards = "rewards",
        /// Providers' stake.
        Stake = "stake",
        /// Remainders of divisions.
        Dust = "dust",
        /// Operators' stake.
        OperatorStake = "operator_stake",
        /// Stake that delegators have with providers.
        Delegated = "delegated",
        /// Stake that leaves and can still be slashed.
        Unbonding = "unbonding",
        /// Delegators' wallets.
        Delegators = "delegators",
        /// What backs credits.
        Vault = "vault",
        /// The pool in which tokens are exchanged for dollars.
        Exchange = "exchange",
        /// Granted tokens that are not released yet.
        Vesting = "vesting",
        /// Released tokens of those who take no part in the market.
        Holders = "holders",
        /// Slashed stake while the slash can be appealed.
        Contested = "contested",
        /// Those who prove faults.
        Challengers = "challengers",
        /// Who builds blocks and is paid for gas.
        Sequencer = "sequencer",
    }
}

words! {
    /// Why money moved.
    FlowReason {
        /// A tenant brings money from outside.
        Deposit = "deposit",
        /// Money is locked for an order.
        Lock = "lock",
        /// What an order or lease did not need goes back.
        Refund = "refund",
        /// The provider's part of a lease payment.
        LeasePayment = "lease_payment",
        /// The foundation's part of a lease payment.
        LeaseFee = "lease_fee",
        /// The gateway's part of a lease payment.
        GatewayFee = "gateway_fee",
        /// The tenant's fee for paying in another asset than the token.
        FacilitationFee = "facilitation_fee",
        /// The provider's fee for being paid in another asset than the token.
        PayoutFee = "payout_fee",
        /// The reward of an era.
        EraReward = "era_reward",
        /// Tokens that are there at the start.
        Genesis = "genesis",
        /// A provider posts or tops up stake, or an operator posts it.
        StakePosted = "stake_posted",
        /// A provider's stake is taken.
        Slashed = "slashed",
        /// Tokens go from a delegator's wallet into stake.
        Delegated = "delegated",
        /// Stake starts on its way out.
        Unbonded = "unbonded",
        /// Stake that waited is free.
        Released = "released",
        /// Slashed stake goes back, because an appeal was right.
        SlashReturned = "slash_returned",
        /// Who proved a fault is rewarded.
        Bounty = "bounty",
        /// Who was harmed is compensated.
        Compensation = "compensation",
        /// Delegators' part of an era's reward.
        DelegatorReward = "delegator_reward",
        /// Tokens are bought for dollars.
        TokensBought = "tokens_bought",
        /// Tokens are sold for dollars.
        TokensSold = "tokens_sold",
        /// Somebody outside trades in the pool on news.
        OutsideTrade = "outside_trade",
        /// Tokens go into the vault, and credits come out.
        CreditsMinted = "credits_minted",
        /// Credits are burned, and paid in tokens.
        CreditsSettled = "credits_settled",
        /// The vault's dollars buy tokens back.
        BuyBack = "buy_back",
        /// An operator's stake is taken.
        OperatorSlashed = "operator_slashed",
        /// The emission of an era.
        Emission = "emission",
        /// Granted tokens are released.
        Vested = "vested",
        /// The prize for a run of good eras.
        Milestone = "milestone",
        /// Gas of calls is paid for.
        Gas = "gas",
        /// What a tenant's misuse costs it.
        Forfeited = "forfeited",
    }
}

words! {
    /// How a tenant misbehaves.
    MisuseKind {
        /// It orders what it does not need.
        Spam = "spam",
        /// It lets escrow run dry.
        Drain = "drain",
        /// It runs what is forbidden.
        Forbidden = "forbidden",
        /// It says that a provider failed which did not.
        Dispute = "dispute",
    }
}

words! {
    /// What came of it.
    MisuseOutcome {
        /// A provider's GPUs were reserved for nothing.
        Withdrawn = "withdrawn",
        /// An order that nobody meant found nobody.
        Unmatched = "unmatched",
        /// A lease ended because its escrow was empty.
        Drained = "drained",
        /// Forbidden work was found.
        Found = "found",
        /// Forbidden work ended without being found.
        Undetected = "undetected",
        /// A false dispute was seen through.
        DisputeLost = "dispute_lost",
        /// A false dispute was believed.
        DisputeUpheld = "dispute_upheld",
        /// A banned tenant's order was refused.
        Refused = "refused",
        /// A banned tenant came back as somebody else.
        Returned = "returned",
    }
}
