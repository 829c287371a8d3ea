# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first run: how busy are the machines, and what do they earn?
#
# **Claim.** Rent alone carries the GPUs of data centres, but not the typical GPU at home: without rewards, more than half of
# the GPU-days of the community pool would cost more in electricity, wear and slashed stake than they bring.
#
# The notebook makes its own run of `scenarios/small.toml`, recomputes the report's utilization from the tables,
# draws utilization and earnings, and asserts the claim. If it stops being true, the tests say so.
#
# Needs `pip install -r requirements.txt` and Rust; `ORRERY` may name a binary that is already built.

# %%
import json
import os
import subprocess
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import polars as pl

repository = next(p for p in [Path.cwd(), *Path.cwd().parents] if (p / "Cargo.lock").exists())
orrery = os.environ.get("ORRERY", "cargo run --release --locked --quiet --").split()

# %% [markdown]
# ## The run
#
# A run is a scenario and a seed. The same two give the same tables on any machine; the digest says so.

# %%
out = tempfile.TemporaryDirectory()
command = [*orrery, "run", "scenarios/small.toml", "--seed", "1", "--tables", "all", "--quiet", "--out", out.name]
subprocess.run(command, cwd=repository, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

[manifest_path] = Path(out.name).rglob("manifest.json")
run = manifest_path.parent
manifest = json.loads(manifest_path.read_text())
summary = json.loads((run / "summary.json").read_text())
print("digest", manifest["digest"])

# %% [markdown]
# ## Utilization
#
# `eras` holds one row for each provider and era. Times are GPU-microseconds: *installed* is what is registered,
# *available* what was up, *reserved* what leases held, *paid* what tenants paid for. The warm-up is left out.

# %%
eras = pl.read_parquet(run / "tables" / "eras.parquet").filter("is_reported")

HOUR = 3_600e9  # nanoseconds
GPU_HOUR = 3_600e6  # GPU-microseconds
gpu_time = pl.col("installed_gpu_us", "available_gpu_us", "reserved_gpu_us", "paid_gpu_us").sum() / GPU_HOUR
by_pool = eras.group_by("pool").agg(gpu_time).sort("pool").rename(lambda name: name.replace("_gpu_us", "_gpu_h"))
by_pool = by_pool.with_columns(utilization=pl.col("paid_gpu_h") / pl.col("available_gpu_h"))
by_pool

# %% [markdown]
# The report's figure must come out of the tables, to the last digit that it prints.

# %%
paid, available = eras["paid_gpu_us"].sum(), eras["available_gpu_us"].sum()
recomputed = paid / available
reported = summary["market"]["utilization_of_available"]
print(f"recomputed {recomputed:.6f}, reported {reported:.6f}")
assert abs(recomputed - reported) < 1e-6

# %%
series = pl.read_parquet(run / "tables" / "series.parquet").filter("is_reported").sort("at_ns")
hourly = series.with_columns(
    day=pl.col("at_ns") / (24 * HOUR),
    utilization=pl.col("paid_gpu_us") / pl.col("available_gpu_us"),
)

# Colours that stay apart for colour-blind readers (Okabe and Ito).
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#777777"
plt.rcParams.update({"figure.dpi": 110, "axes.spines.top": False, "axes.spines.right": False, "font.size": 10})

figure, axes = plt.subplots(figsize=(8, 3.2))
for colour, ((pool,), hours) in zip([BLUE, ORANGE, GREEN], hourly.group_by("pool", maintain_order=True)):
    axes.plot(hours["day"], 100 * hours["utilization"], color=colour, linewidth=1.4, label=pool)
axes.set(xlabel="simulated time, days since the start", ylabel="paid over available, %", ylim=(0, 100))
axes.set_title("How much of the machine time that is up is paid for, by pool", loc="left")
axes.legend(frameon=False, ncols=3, loc="lower left")
figure.tight_layout()
plt.show()

# %% [markdown]
# ## Earnings
#
# Net earnings per GPU-day: lease income and rewards, less slashed stake, electricity and wear, over *all*
# registered GPU-days, idle ones too. One row of `eras` is one provider's day; a provider with eight GPUs counts eight times.

# %%
complete = eras.filter("is_complete").with_columns(
    gpu_days=pl.col("installed_gpu_us") / (24 * GPU_HOUR),
    net_usd_per_gpu_day=pl.col("net_nano_usd") / 1e9 / (pl.col("installed_gpu_us") / (24 * GPU_HOUR)),
)


def weighted_quantile(values: pl.Series, weights: pl.Series, share: float) -> float:
    """The smallest value below or at which `share` of the weight lies."""
    order = values.arg_sort()
    below = weights[order].cum_sum() / weights.sum()
    return values[order][int((below < share - 1e-12).sum())]


rows = []
for (card,), days in complete.group_by("card"):
    quantiles = [weighted_quantile(days["net_usd_per_gpu_day"], days["gpu_days"], q) for q in (0.1, 0.5, 0.9)]
    rows.append((card, days["gpu_days"].sum(), *quantiles))
by_card = pl.DataFrame(rows, schema=["card", "gpu_days", "p10", "p50", "p90"], orient="row").sort("p50")
by_card

# %%
figure, axes = plt.subplots(figsize=(8, 0.8 + 0.32 * len(by_card)))
axes.hlines(by_card["card"], by_card["p10"], by_card["p90"], color=BLUE, linewidth=4, alpha=0.35)
axes.plot(by_card["p50"], by_card["card"], "o", color=BLUE)
axes.axvline(0, color=GREY, linewidth=0.8)
axes.margins(y=0.1)
axes.set_xscale("symlog", linthresh=1)
ticks = [-1, 0, 1, 3, 10, 30, 100]
axes.set_xticks(ticks, [str(tick) for tick in ticks])
axes.set(xlabel="net earnings, USD per GPU-day; logarithmic beyond 1 (line: p10 to p90, dot: median)")
axes.set_title("What a card nets on a day, idle days included", loc="left")
figure.tight_layout()
plt.show()

# %% [markdown]
# ## The claim
#
# Rewards are left out: they follow the emission that a scenario declares, not the market.
# What is left is what tenants pay against what running the machine costs.

# %%
rent = complete.with_columns(rent_usd=(pl.col("net_nano_usd") - pl.col("reward_nano_usd")) / 1e9)
by_pool = rent.group_by("pool").agg(
    gpu_days=pl.col("gpu_days").sum(),
    usd_per_gpu_day=pl.col("rent_usd").sum() / pl.col("gpu_days").sum(),
    share_losing=pl.col("gpu_days").filter(pl.col("rent_usd") < 0).sum() / pl.col("gpu_days").sum(),
).sort("pool")
by_pool

# %%
home, centre = (by_pool.row(by_predicate=pl.col("pool") == pool, named=True) for pool in ("community", "secured"))
assert home["share_losing"] > 0.5, "at home, rent alone does not carry the typical GPU-day"
assert centre["share_losing"] < 0.5 * home["share_losing"], "in data centres it does"
assert centre["usd_per_gpu_day"] > 0
for name, pool in (("home", home), ("data centre", centre)):
    print(f"{name}: {pool['usd_per_gpu_day']:+.2f} USD per GPU-day without rewards, {pool['share_losing']:.0%} of the GPU-days lose money")

# %%
out.cleanup()
