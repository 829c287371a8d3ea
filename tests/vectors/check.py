"""Another implementation of the matcher, from README.md beside it: does it agree with the vectors?

    python3 tests/vectors/check.py

Decides every snapshot under matching/ and compares with round.json, and with the bids' root, the
round key and the digest of record.json. Signatures are taken as they are: Python brings no Ed25519.
"""

import decimal
import hashlib
import json
import math
import pathlib
import sys

decimal.getcontext().prec = 60
M64, M32 = 2**64 - 1, 2**32 - 1


# --- 2. randomness -------------------------------------------------------------------------------

def philox(c, k):
    for _ in range(10):
        low, high = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [high >> 32 ^ c[1] ^ k[0], high & M32, low >> 32 ^ c[3] ^ k[1], low & M32]
        k = [(k[0] + 0x9E3779B9) & M32, (k[1] + 0xBB67AE85) & M32]
    return c


def words(v):
    return [v & M32, v >> 32]


def key_of_name(name):
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001B3 & M64
    w = philox(words(h) + [0x6B657973, 0], [0, 0])
    return w[0] | w[1] << 32


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def be(v, size=8):
    return v.to_bytes(size, "big")


class Ticket:
    def __init__(self, round_key):
        self.key = words(int.from_bytes(round_key[:8], "little"))

    def pair(self, e, f):
        w = philox(words(e) + words(f), self.key)
        return w[0] | w[1] << 32, w[2] | w[3] << 32

    def noise(self, number):
        def least(level, node):
            own = exponential(self.pair(node, 16 + level)[0]) >> 5 * level
            if level == 4:
                return own
            parent = node >> 5
            is_least = node % 32 == self.pair(parent, 16 + level + 1)[1] >> 59
            return least(level + 1, parent) + (0 if is_least else own)
        return minus_ln(least(0, number))


# --- 3. fixed-point functions --------------------------------------------------------------------

def nearest(x):
    return int(x.to_integral_value(decimal.ROUND_HALF_EVEN))


LN = [nearest((1 + decimal.Decimal(i) / 128).ln() * 2**60) for i in range(129)]
LN2 = LN[128]
assert LN2 == 799144290325165979
R = [2**61]
for _ in range(32):
    R.append(math.isqrt(R[-1] << 62))


def zeros(x, bits):
    return bits - x.bit_length()


def q32(v):
    return (v + 2**27) >> 28


def lnm(m):
    q = m >> 3
    i = (q >> 53) - 128
    r = 128 * (q - (128 + i) * 2**53) // (128 + i)
    t = 0
    for n in range(8, 0, -1):
        t = 2**60 // n - (r * t >> 60)
    return LN[i] + (r * t >> 60)


def ln_whole(x):
    x = max(x, 1)
    z = zeros(x, 128)
    return q32((127 - z) * LN2 + lnm(x << z >> 64))


def ln(x):
    z = zeros(x, 64)
    return q32((31 - z) * LN2 + lnm(x << z))


def minus_ln(e):
    z = zeros(e, 128)
    return -q32((17 - z) * LN2 + lnm(e << z >> 64))


def exponential(u):
    v = M64 - u
    if v < 2**48:
        w = 2 * v + 1
        s = w * w
        c = ((s >> 34) * w) >> 36
        return ((w << 60) + (s >> 6) + c // 3) >> 15
    if u >= 2**63:
        m, h = u, 1
    else:
        o = 2 * u + 1
        z = zeros(o, 64)
        m, h = o << z, z + 2
    return (h * LN2 - lnm(m)) << 50


def exp2_neg(x):
    if x >> 32 > 33:
        return 0
    p = 2**62
    for b in range(1, 33):
        if x >> (32 - b) & 1:
            p = (p * R[b] + 2**61) >> 62
    s = 30 + (x >> 32)
    return (p + 2**(s - 1)) >> s


# --- 1. the snapshot -----------------------------------------------------------------------------

UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9,
         "d": 86400 * 10**9, "USD/GPU-h": 10**9, "SPON": 10**18, "bp": 1}
NANOS = {"%": 10**4, "ppm": 1}
PARTS = ["region", "price", "uptime", "reputation", "availability", "slash", "stake"]
PRESETS = {"balanced": [1800, 2200, 1600, 1400, 800, 700, 1000, 500],
           "latency_first": [5000, 1000, 1200, 800, 500, 500, 500, 500],
           "cost_first": [500, 5500, 1000, 1000, 500, 500, 500, 500],
           "reliability_first": [500, 1000, 3500, 2500, 500, 1000, 500, 500],
           "stake_heavy": [800, 1200, 1000, 800, 400, 500, 4800, 500]}
HOST = ["cpus", "memory_mib", "shared_memory_mib", "disk_gib", "bandwidth_mbps"]


def amount(text, units=UNITS):
    number, unit = text.split()
    return int(decimal.Decimal(number) * units[unit])


def share(text):
    return amount(text, NANOS)


def points(text):
    return amount(text, {"%": 100, "bp": 1})


def key_at(table, name):
    return int(table["key"], 16) if "key" in table else key_of_name(name)


class Round:
    def __init__(self, snapshot, record):
        s, o = snapshot, snapshot["order"]
        self.s, self.o, self.rules = s, o, s.get("rules", {})
        self.trips = s.get("round_trips", {"here": "0 ns"})
        self.cards = s.get("cards", ["gpu"])
        self.order_key = key_at(o, o.get("name", "order"))
        self.tenant_region = o.get("tenant_region", next(iter(self.trips)))
        weights = self.rules.get("weights", "balanced")
        self.w = (PRESETS[weights] if isinstance(weights, str)
                  else [points(weights[p]) for p in PARTS + ["randomness"]])
        self.ceiling = amount(o["ceiling"])
        self.gpus = o.get("gpus", 1)
        most = o.get("owner_leases_max", "none")
        self.owner_leases_max = None if most == "none" else most
        self.round_key = self.make_round_key(record)
        self.ticket = Ticket(self.round_key)
        names = [c["name"] for c in s["candidates"]]
        self.keys = {n: key_at(c, n) for n, c in zip(names, s["candidates"])}
        self.all = [self.candidate(c, at) for at, c in enumerate(s["candidates"])]

    def make_round_key(self, record):
        s = self.s
        head = be(s.get("chain_id", 1)) + be(self.order_key) + be(s.get("close_height", 0))
        block = bytes.fromhex(s["block_hash"][2:])
        option = s.get("beacon", "block_hash")
        if option == "block_hash":
            value = block
        elif option == "avs_threshold":
            value = sha(bytes.fromhex(record["beacon"]["signature"]))
        else:
            shares = sorted((key_of_name(x["operator"]), x) for x in s["shares"])
            parts = [b"commit_reveal/1", head, block]
            for key, x in shares:
                secret = b"\0" if x.get("withheld") else b"\1" + bytes.fromhex(x["secret"][2:])
                parts += [be(key), secret]
            value = sha(*parts)
        return sha(b"match/1", head, value)

    def candidate(self, c, at):
        c = dict(c)
        c["key"] = self.keys[c["name"]]
        c["region"] = c.get("region", next(iter(self.trips)))
        c["card"] = c.get("card", self.cards[0])
        c["gpus_free"] = c.get("gpus_free", 1)
        c["gpus_total"] = c.get("gpus_total", c["gpus_free"])
        c["gpus_free_on_node"] = c.get("gpus_free_on_node", c["gpus_free"])
        c["gpus_on_node"] = c.get("gpus_on_node", c["gpus_total"])
        c["bid"] = amount(c["bid"])
        for time in ["joined_at", "idle_since", "served_in_era", "last_mile"]:
            c[time] = amount(c.get(time, "0 ns"))
        c["rtt"] = amount(self.trips[c["region"]]) + c["last_mile"]
        c["uptime"] = share(c.get("uptime", "100 %"))
        for stake in ["stake", "stake_min"]:
            c[stake] = amount(c.get(stake, "0 SPON"))
        for count in ["good_milli", "bad_milli", "slash_halves", "leases", "misses"]:
            c[count] = c.get(count, 0)
        whole = "100 %" if c["gpus_free"] else "0 %"
        c["share_free"] = share(c.get("share_free_on_card", whole))
        c["noise"] = self.ticket.noise(c["number"])
        c["scores"] = self.scores(c)
        c["points"] = sum(w * score for w, score in zip(self.w, c["scores"]))
        c["arrival"] = (c.get("bid_height", self.s.get("close_height", 0)), c.get("bid_index", at))
        return c

    # --- 4. filters and scores -------------------------------------------------------------------

    def rejects(self, c, dropped):
        o = self.o
        mode = o.get("mode", "fizz")
        tiers = o.get("trust_tiers", list(range(1, 8)))
        tier = c.get("trust_tier")
        trusted = sorted(tiers) == list(range(1, 8)) if tier is None else tier in tiers
        excluded = [self.keys[n] for n in o.get("excluded", [])]
        included = [self.keys[n] for n in o.get("included", [])]
        part = share(o.get("share", "100 %"))
        has_room = c["gpus_free_on_node"] >= self.gpus or part < 10**6 and c["share_free"] >= part
        host, needs = c.get("host", {}), o.get("host", {})
        bound = o.get("latency_bound", "none")
        most = self.owner_leases_max
        fails = {
            "inactive": not c.get("active", True),
            "mode": c.get("mode", "fizz") != mode,
            "trust_tier": mode == "provider" and not trusted,
            "uptime_minimum": c["uptime"] < share(o.get("uptime_min", "0 %")),
            "excluded": c["key"] in excluded or bool(included) and c["key"] not in included,
            "region": c["region"] not in o.get("regions", self.trips),
            "law": c["region"] not in o.get("lawful", self.trips),
            "card": c["card"] not in o.get("cards", self.cards),
            "node_size": c["gpus_on_node"] < self.gpus,
            "capacity": not has_room,
            "host": any(host.get(h, M32) < needs.get(h, 0) for h in HOST),
            "price": c["bid"] > self.ceiling,
            "stake": c["stake"] < c["stake_min"],
            "latency": bound != "none" and c["rtt"] > amount(bound),
            "owner_cap": most is not None and c.get("owner_leases", 0) >= most,
        }
        skipped = {"latency_bound": "latency"}
        skipped = [skipped.get(d, d) for d in dropped]
        return [name for name, failed in fails.items() if failed and name not in skipped]

    def scores(self, c):
        forms = self.rules.get("forms", {})
        near = self.o.get("near", [self.tenant_region])
        place = 10**6 if c["region"] == self.tenant_region else 600000 if c["region"] in near else 200000
        saved = max(self.ceiling - c["bid"], 0)
        good, bad = c["good_milli"], c["bad_milli"]
        free = ratio(max(c["gpus_free"] - self.gpus, 0), c["gpus_total"])
        region = {
            "half_point": ratio(10**8, 10**8 + max(c["rtt"] - 2 * 10**7, 0)),
            "exponential": ratio(exp2_neg(c["rtt"] * 6196328019 // 10**8), 2**32),
            "steps": place,
            "inverse": ratio(10**6, max(c["rtt"], 10**6)),
        }[forms.get("region", "half_point")]
        price = {"half_budget": ratio(2 * saved, self.ceiling),
                 "full_budget": ratio(saved, self.ceiling)}[forms.get("price", "half_budget")]
        uptime = {"marks": ratio(max(c["uptime"] - 850000, 0), 140000),
                  "share": c["uptime"]}[forms.get("uptime", "marks")]
        reputation = {
            "prior": ratio(good + 8000, good + bad + 10000),
            "even_prior": ratio(good + 1000, good + bad + 2000),
            "completion": ratio(good, good + bad) if good + bad >= 10000 else 0,
        }[forms.get("reputation", "prior")]
        availability = {"spread": free, "best_fit": 10**6 - free}[forms.get("availability", "spread")]
        slash = {"halving": ratio(exp2_neg(c["slash_halves"] * 2**31), 2**32),
                 "gate": 0 if c["slash_halves"] else 10**6}[forms.get("slash", "halving")]
        stake = self.stake_score(c, forms.get("stake", "log"))
        return [region, price, uptime, reputation, availability, slash, stake]

    def stake_score(self, c, form):
        if c["stake_min"] == 0:
            return 10**6
        whole = c["stake"] * 2**32 // c["stake_min"]
        cap = self.rules.get("stake_cap_multiple", 50) * 2**32
        m = min(whole, cap)
        return {"log": lambda: ratio(ln(2**32 + m), ln(2**32 + cap)),
                "linear": lambda: ratio(m, cap),
                "square_root": lambda: math.isqrt(m * 10**12 // cap),
                "saturating": lambda: ratio(whole >> 1, (whole >> 1) + 2**31)}[form]()

    # --- 5. keys and picks -----------------------------------------------------------------------

    def draw_keys(self, cs):
        core = self.rules.get("core", "weighted_softmax")
        given = self.rules.get("core_parameters", {}).get(core, {})
        total, heat = sum(self.w[:7]), self.w[7]

        def softmax(c):
            gain = 10**4 * 2**64 // (total * max(heat, 1) * 10**6) if total else 0
            key = c["points"] * gain >> 32
            if heat > 0:
                weighted = self.rules.get("is_weighted_by_capacity", False)
                key += c["noise"] + (ln_whole(c["gpus_free"]) if weighted else 0)
            return key

        def uniform(c):
            return self.ticket.pair(c["key"], 0)[0]

        def additive(c):
            return (c["points"] << 32) // (total * 10**6) + (uniform(c) * heat // 10**4 >> 32)

        def mix(c):
            parts = [points(given.get(p, d)) for p, d in
                     [("stake", "70 %"), ("price", "0 %"), ("random", "30 %")]]
            place = self.ticket.pair(0, 1)[0] * sum(parts) >> 64
            unit = amount(given.get("price_unit", "0.10 USD/GPU-h"))
            if place < parts[0] and any(x["stake"] for x in cs):
                return (ln_whole(c["stake"]) if c["stake"] else -2**62) + c["noise"]
            if parts[0] <= place < parts[0] + parts[1]:
                return c["noise"] - min((c["bid"] << 32) // unit, 2**62 - 1)
            return c["noise"]

        def lava(c):
            geo = max(10000 // max(c["rtt"] // 10**6, 1), 1)
            geo = 10000 if c["region"] == self.tenant_region else geo
            power = lambda x, e: ln_whole(x) * given.get(e, 1000) // 1000
            return (power(max(c["stake"], 1), "stake_exponent_milli")
                    + power(geo, "geo_exponent_milli") + c["noise"])

        def kalypso(c):
            weight = ln_whole(c["bid"]) + ln_whole(max(c["rtt"], 10**6))
            return c["noise"] - weight - min(c["misses"], 10**6) * 2977044472

        def linear(c):
            features = [("successes", 15, "good_milli"), ("slashes", -15, "slash_halves"),
                        ("price", -3, "bid"), ("time", -3, "rtt"), ("leases", -2, "leases")]
            def v(x):
                return sum(x[f] * 10**18 // max(max(y[f] for y in cs), 1) * given.get(n, d)
                           for n, d, f in features)
            return ln_whole(v(c) - min(map(v, cs)) + 1) + c["noise"]

        def power_of_d(c):
            least = sorted(map(uniform, cs), reverse=True)[:given.get("choices", 2)][-1]
            u = uniform(c)
            return c["points"] if u >= least else (u >> 1) - 2**63

        return list(map({
            "weighted_softmax": softmax, "additive_uniform": additive, "livepeer_mix": mix,
            "lava_product": lava, "kalypso_product": kalypso, "kalypso_linear": linear,
            "lowest_price": lambda c: -c["bid"], "fifo_queue": lambda c: -c["idle_since"],
            "least_loaded": lambda c: -(c["served_in_era"] * 10**6 // max(c["uptime"], 1)),
            "latency_first": lambda c: -c["rtt"], "random": lambda c: c["noise"],
            "first_fit": lambda c: -c["number"],
            "best_fit": lambda c: -max(c["gpus_free_on_node"] - self.gpus, 0),
            "power_of_d": power_of_d,
        }[core], cs))

    def decide(self):
        soft = self.rules.get("soft", [])
        asked = {"latency_bound": self.o.get("latency_bound", "none") != "none",
                 "owner_cap": self.owner_leases_max is not None}
        soft = [s for s in ["latency_bound", "owner_cap"] if s in soft and asked[s]]
        dropped = []
        for tried in [[]] + [[s] for s in soft] + ([soft] if len(soft) == 2 else []):
            admitted = self.admitted(tried)
            if admitted:
                dropped = tried
                break
        admitted = self.admitted(dropped)
        for c, key in zip(admitted, self.draw_keys(admitted)):
            c["draw_key"] = key
        rank = lambda c: (-c["draw_key"], c["bid"], c["slash_halves"], c["joined_at"], c["key"])
        self.bids = sorted(admitted, key=lambda c: c["key"])
        return dropped, sorted(admitted, key=rank)[:self.rules.get("draws_max", 3)]

    def admitted(self, dropped):
        return [c for c in self.all if not self.rejects(c, dropped) and not c.get("late")]

    def round_json(self):
        dropped, picks = self.decide()
        total = sum(self.w[:7])
        score = lambda c: c["points"] // total if total else 0
        hexed = lambda key: f"{key:016x}"
        return {
            "order_key": hexed(self.order_key),
            "core": self.rules.get("core", "weighted_softmax"),
            "dropped": dropped,
            "picks": [{"name": c["name"], "key": hexed(c["key"]),
                       "price_nano_usd_per_gpu_hour": str(c["bid"]), "score_ppm": score(c),
                       "draw_key": str(c["draw_key"])} for c in picks],
            "candidates": [{"name": c["name"], "key": hexed(c["key"]), "number": c["number"],
                            "rejects": self.rejects(c, dropped), "late": c.get("late", False),
                            "rtt_ns": str(c["rtt"]), "scores_ppm": dict(zip(PARTS, c["scores"])),
                            "score_ppm": score(c), "noise": str(c["noise"]),
                            "draw_key": str(c["draw_key"]) if "draw_key" in c else None}
                           for c in self.all],
        }

    # --- 7. the record ---------------------------------------------------------------------------

    def bids_root(self):
        leaves = [sha(b"\0", be(c["key"]), be(c["number"], 4), be(c["bid"]),
                      be(c["arrival"][0]), be(c["arrival"][1], 4)) for c in self.bids]
        def root(part):
            if len(part) < 2:
                return part[0] if part else sha()
            left = 1 << (len(part) - 1).bit_length() - 1
            return sha(b"\1", root(part[:left]), root(part[left:]))
        return root(leaves).hex()


def ratio(a, b):
    return min(a * 10**6 // b, 10**6) if b else 0


def lines(place, value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from lines(f"{place}.{name}" if place else name, inner)
    elif isinstance(value, list):
        yield f"{place}={len(value)} items\n"
        for at, inner in enumerate(value):
            yield from lines(f"{place}[{at}]", inner)
    else:
        text = {None: "null", True: "true", False: "false"}.get(value, value) \
            if value is None or isinstance(value, bool) else value
        yield f"{place}={text}\n"


def check(case):
    read = lambda name: json.loads((case / name).read_text())
    expected, record = read("round.json"), read("record.json")
    round_ = Round(read("snapshot.json"), record)
    wrong = [name for name, value in round_.round_json().items() if expected[name] != value]
    facts = {k: v for k, v in record.items() if k not in ("digest", "signatures")}
    digest = sha("".join(lines("", facts)).encode()).hex()
    found = {"round_key": round_.round_key.hex(), "bids_root": round_.bids_root(), "digest": digest}
    return wrong + [name for name, value in found.items() if record[name] != value]


def main():
    cases = sorted((pathlib.Path(__file__).parent / "matching").iterdir())
    results = {case.name: check(case) for case in cases}
    for name, wrong in results.items():
        print(f"{name}: {'differs in ' + ', '.join(wrong) if wrong else 'agrees'}")
    sys.exit(any(results.values()))


if __name__ == "__main__":
    main()
