//! What draws are for. A number, once given, is never reused for another purpose; from 100 on they
//! are those of `drivers`.

use engine::draws::Purpose;

pub const CARD: Purpose = Purpose(1);
pub const REGION: Purpose = Purpose(2);
pub const HOST_CLASS: Purpose = Purpose(3);
pub const MACHINES: Purpose = Purpose(4);
pub const PRICE: Purpose = Purpose(5);
pub const TRUST: Purpose = Purpose(6);
pub const STAKE: Purpose = Purpose(7);
pub const LAST_MILE: Purpose = Purpose(8);
pub const DAILY_OFF: Purpose = Purpose(9);
pub const HISTORY: Purpose = Purpose(10);
pub const FAULT: Purpose = Purpose(11);
pub const GPU_FAULT: Purpose = Purpose(12);
pub const REGION_OUTAGE: Purpose = Purpose(13);
pub const REGION_OUTAGE_HIT: Purpose = Purpose(14);
pub const TENANT_REGION: Purpose = Purpose(15);
pub const DEMAND: Purpose = Purpose(16);
pub const ARRIVAL: Purpose = Purpose(17);
pub const TENANT: Purpose = Purpose(18);
pub const SIZE: Purpose = Purpose(19);
pub const DURATION: Purpose = Purpose(20);
pub const CARD_ASKED: Purpose = Purpose(21);
pub const CEILING: Purpose = Purpose(22);
pub const LATENCY_BOUND: Purpose = Purpose(23);
pub const SUBMISSION: Purpose = Purpose(24);
pub const BID: Purpose = Purpose(25);
pub const COMMITTEE: Purpose = Purpose(26);
pub const BEACON: Purpose = Purpose(27);
pub const CONFIRMATION: Purpose = Purpose(28);
pub const BOOT: Purpose = Purpose(29);
pub const CHALLENGE: Purpose = Purpose(30);
pub const FILL: Purpose = Purpose(31);
pub const RESIDUAL: Purpose = Purpose(32);
pub const FAVOURED: Purpose = Purpose(33);
// Numbers between are free.
pub const OPERATOR_FAULT: Purpose = Purpose(40);
pub const CENSORED: Purpose = Purpose(41);
pub const MISCONDUCT: Purpose = Purpose(50);
pub const DETECTION: Purpose = Purpose(51);
pub const ACCUSATION: Purpose = Purpose(52);
pub const APPEAL: Purpose = Purpose(53);
pub const TASTE: Purpose = Purpose(54);
// Hosts, from 60 to 69.
pub const ZONE: Purpose = Purpose(60);
pub const WANTED: Purpose = Purpose(80);
pub const VENUE: Purpose = Purpose(81);
pub const TENANT_KIND: Purpose = Purpose(82);
pub const MOVE: Purpose = Purpose(83);
pub const FALLBACK: Purpose = Purpose(84);
pub const KIND: Purpose = Purpose(70);
pub const REVIEW: Purpose = Purpose(71);
pub const LESSON: Purpose = Purpose(72);
pub const ARRIVAL_KEPT: Purpose = Purpose(85);
pub const BURST: Purpose = Purpose(86);
pub const FOLLOWER: Purpose = Purpose(87);
pub const FOLLOWER_DELAY: Purpose = Purpose(88);
pub const REPLAYED: Purpose = Purpose(89);
pub const PATIENCE: Purpose = Purpose(95);
