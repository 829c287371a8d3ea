//! Tables read back: whoever watched a run can watch its files in the same way.

use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use record::{
    BidRow, DemandRow, EconomyRow, EraRow, FlowRow, GasRow, JobRow, Kind, LeaseRow, MisuseRow,
    Names, NetworkRow, Observer, OperatorRow, OrderRow, PriceRow, ProviderRow, RentRow, RoundRow,
    Row, SeriesRow, SlashRow, Stored, SupplyRow, Table, TenantRow, VenueRow,
};
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A table that could not be read.
#[derive(Debug)]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub cause: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot read {}: {}; make it again with `run`", self.path.display(), self.cause)
    }
}

impl std::error::Error for ReadError {}

/// Hands every row of a `tables` folder to `observer`: table after table, rows in their order.
/// Tables that were not written are passed over.
pub fn replay(folder: &Path, names: &Names, observer: &mut dyn Observer) -> Result<(), ReadError> {
    replay_table::<OrderRow>(folder, names, &mut |row| observer.on_row(Row::Order(row)))?;
    replay_table::<LeaseRow>(folder, names, &mut |row| observer.on_row(Row::Lease(row)))?;
    replay_table::<ProviderRow>(folder, names, &mut |row| observer.on_row(Row::Provider(row)))?;
    replay_table::<EraRow>(folder, names, &mut |row| observer.on_row(Row::Era(row)))?;
    replay_table::<SlashRow>(folder, names, &mut |row| observer.on_row(Row::Slash(row)))?;
    replay_table::<OperatorRow>(folder, names, &mut |row| observer.on_row(Row::Operator(row)))?;
    replay_table::<SeriesRow>(folder, names, &mut |row| observer.on_row(Row::Series(row)))?;
    replay_table::<PriceRow>(folder, names, &mut |row| observer.on_row(Row::Price(row)))?;
    replay_table::<RentRow>(folder, names, &mut |row| observer.on_row(Row::Rent(row)))?;
    replay_table::<DemandRow>(folder, names, &mut |row| observer.on_row(Row::Demand(row)))?;
    replay_table::<VenueRow>(folder, names, &mut |row| observer.on_row(Row::Venue(row)))?;
    replay_table::<MisuseRow>(folder, names, &mut |row| observer.on_row(Row::Misuse(row)))?;
    replay_table::<FlowRow>(folder, names, &mut |row| observer.on_row(Row::Flow(row)))?;
    replay_table::<EconomyRow>(folder, names, &mut |row| observer.on_row(Row::Economy(row)))?;
    replay_table::<GasRow>(folder, names, &mut |row| observer.on_row(Row::Gas(row)))?;
    replay_table::<SupplyRow>(folder, names, &mut |row| observer.on_row(Row::Supply(row)))?;
    replay_table::<JobRow>(folder, names, &mut |row| observer.on_row(Row::Job(row)))?;
    replay_table::<TenantRow>(folder, names, &mut |row| observer.on_row(Row::Tenant(row)))?;
    replay_table::<NetworkRow>(folder, names, &mut |row| observer.on_row(Row::Network(row)))?;
    replay_table::<RoundRow>(folder, names, &mut |row| observer.on_row(Row::Round(row)))?;
    replay_table::<BidRow>(folder, names, &mut |row| observer.on_row(Row::Bid(row)))
}

/// Hands every row of one table to `take`, one row group in memory at a time.
pub fn replay_table<T: Table>(
    folder: &Path,
    names: &Names,
    take: &mut dyn FnMut(&T),
) -> Result<(), ReadError> {
    let path = folder.join(format!("{}.parquet", T::NAME));
    if !path.exists() {
        return Ok(());
    }
    let failed = |cause: String| ReadError { path: path.clone(), cause };
    let file = File::open(&path).map_err(|cause| failed(cause.to_string()))?;
    let reader = SerializedFileReader::new(file).map_err(|cause| failed(cause.to_string()))?;
    check_columns::<T>(&reader).map_err(failed)?;
    for group in 0..reader.num_row_groups() {
        let columns = read_group::<T>(&reader, group).map_err(|cause| failed(cause.to_string()))?;
        give_rows::<T>(&columns, names, take).map_err(failed)?;
    }
    Ok(())
}

/// A file of another version may have other columns.
fn check_columns<T: Table>(reader: &SerializedFileReader<File>) -> Result<(), String> {
    let schema = reader.metadata().file_metadata().schema_descr();
    let found: Vec<&str> = schema.columns().iter().map(|column| column.name()).collect();
    let wanted: Vec<&str> = T::COLUMNS.iter().map(|column| column.name).collect();
    if found == wanted { Ok(()) } else { Err(format!("its columns are not {wanted:?}")) }
}

fn read_group<T: Table>(
    reader: &SerializedFileReader<File>,
    group: usize,
) -> Result<Vec<Values>, ParquetError> {
    let group = reader.get_row_group(group)?;
    let rows = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
    let read = |(index, kind)| read_column(&*group, index, kind, rows);
    T::COLUMNS.iter().map(|column| column.kind).enumerate().map(read).collect()
}

fn give_rows<T: Table>(
    columns: &[Values],
    names: &Names,
    take: &mut dyn FnMut(&T),
) -> Result<(), String> {
    let rows = columns.first().map_or(0, Values::len);
    let mut stored = Vec::with_capacity(columns.len());
    for row in 0..rows {
        stored.clear();
        for column in columns {
            stored.push(column.at(row).ok_or("a column is shorter than the others")?);
        }
        let row = T::from_stored(&stored, names);
        take(&row.ok_or("a value is outside what its column may hold")?);
    }
    Ok(())
}

/// The values of one column of a row group.
enum Values {
    U64(Vec<i64>),
    I64(Vec<i64>),
    MaybeI64(Vec<Option<i64>>),
    Spon(Vec<i128>),
    Bool(Vec<bool>),
    Text(Vec<String>),
    Hash(Vec<[u8; 32]>),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Values::U64(values) | Values::I64(values) => values.len(),
            Values::MaybeI64(values) => values.len(),
            Values::Spon(values) => values.len(),
            Values::Bool(values) => values.len(),
            Values::Text(values) => values.len(),
            Values::Hash(values) => values.len(),
        }
    }

    fn at(&self, row: usize) -> Option<Stored<'_>> {
        Some(match self {
            Values::U64(values) => Stored::U64(values.get(row)?.cast_unsigned()),
            Values::I64(values) => Stored::I64(*values.get(row)?),
            Values::MaybeI64(values) => Stored::MaybeI64(*values.get(row)?),
            Values::Spon(values) => Stored::Spon(*values.get(row)?),
            Values::Bool(values) => Stored::Bool(*values.get(row)?),
            Values::Text(values) => Stored::Text(values.get(row)?),
            Values::Hash(values) => Stored::Hash(*values.get(row)?),
        })
    }
}

fn read_column(
    group: &dyn RowGroupReader,
    index: usize,
    kind: Kind,
    rows: usize,
) -> Result<Values, ParquetError> {
    match (group.get_column_reader(index)?, kind) {
        (ColumnReader::Int64ColumnReader(mut reader), kind) => {
            let (mut values, mut levels) = (Vec::new(), Vec::new());
            reader.read_records(rows, Some(&mut levels), None, &mut values)?;
            Ok(match kind {
                Kind::U64 => Values::U64(values),
                Kind::I64 => Values::I64(values),
                _ => Values::MaybeI64(with_gaps(values, &levels)),
            })
        }
        (ColumnReader::FixedLenByteArrayColumnReader(mut reader), kind) => {
            let mut values = Vec::new();
            reader.read_records(rows, None, None, &mut values)?;
            let values = values.iter();
            match kind {
                Kind::Hash => values.map(fixed).collect::<Result<_, _>>().map(Values::Hash),
                _ => values.map(decimal).collect::<Result<_, _>>().map(Values::Spon),
            }
        }
        (ColumnReader::BoolColumnReader(mut reader), Kind::Bool) => {
            let mut values = Vec::new();
            reader.read_records(rows, None, None, &mut values)?;
            Ok(Values::Bool(values))
        }
        (ColumnReader::ByteArrayColumnReader(mut reader), Kind::Text) => {
            let mut values = Vec::new();
            reader.read_records(rows, None, None, &mut values)?;
            values.iter().map(text).collect::<Result<_, _>>().map(Values::Text)
        }
        _ => Err(ParquetError::General("a column has another type than its table".to_string())),
    }
}

/// Values with the places where none stood: level 1 is a value.
fn with_gaps(values: Vec<i64>, levels: &[i16]) -> Vec<Option<i64>> {
    let mut values = values.into_iter();
    levels.iter().map(|&level| if level == 1 { values.next() } else { None }).collect()
}

fn decimal(bytes: &FixedLenByteArray) -> Result<i128, ParquetError> {
    fixed(bytes).map(i128::from_be_bytes)
}

fn fixed<const N: usize>(bytes: &FixedLenByteArray) -> Result<[u8; N], ParquetError> {
    let bytes = <[u8; N]>::try_from(bytes.data());
    bytes.map_err(|error| ParquetError::General(error.to_string()))
}

fn text(bytes: &ByteArray) -> Result<String, ParquetError> {
    bytes.as_utf8().map(str::to_string)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::tables::{Choice, Tables, Written};
    use record::{FlowParty, FlowReason, SlashKind};
    use units::{
        CardId, EntityKey, GpuHourPrice, HostClassId, OperatorId, PoolId, Ppm, ProviderId,
        ProviderKindId, RegionId, Spon, Usd,
    };

    fn names() -> Names {
        let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        Names {
            pools: words(&["community", "secured"]),
            regions: words(&["eu-west", "us-east"]),
            cards: words(&["RTX 4090"]),
            classes: words(&["community.batch"]),
            host_classes: words(&["home", "data centre"]),
            provider_kinds: words(&["posted", "learning"]),
            operators: words(&["nae", "euc"]),
            fleet: Vec::new(),
            tenant_kinds: words(&["any"]),
            venues: words(&["here", "aws"]),
            networks: words(&["here", "vast"]),
        }
    }

    /// More rows than a row group holds, with the extremes of every kind.
    fn slashes() -> Vec<SlashRow> {
        let row = |number: u32| SlashRow {
            era: number,
            is_reported: number.is_multiple_of(3),
            provider: ProviderId(u32::MAX - number),
            kind: SlashKind::DowntimeInLease,
            is_false: number.is_multiple_of(2),
            downtime_gpu_us: u64::MAX - u64::from(number),
            amount_spon: Spon::from_base(-i128::from(number) * 10_i128.pow(30)),
            amount_nano_usd: Usd::from_nanos(i64::MIN + i64::from(number)),
            delegated_spon: Spon::from_base(i128::from(number)),
        };
        (0..70_000).map(row).collect()
    }

    fn bid(number: u32) -> BidRow {
        BidRow {
            order_key: EntityKey(u64::from(number) << 40),
            is_reported: number == 2,
            provider: ProviderId(number),
            region: RegionId((number % 2) as u16),
            price_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(250_000_000),
            learned_at_ns: units::SimTime::from_nanos(7),
            arrived_at_ns: units::SimTime::from_nanos(9),
            margin_ns: -i64::from(number),
            score_ppm: Ppm(999_999),
            is_first_draw: number == 1,
        }
    }

    fn flow(asset: &'static str) -> FlowRow {
        FlowRow {
            era: 1,
            is_reported: true,
            asset,
            from: FlowParty::Tenants,
            to: FlowParty::Escrow,
            reason: FlowReason::Lock,
            count: 2,
            amount: Spon::ONE,
        }
    }

    fn operator(number: u16) -> OperatorRow {
        OperatorRow {
            era: u32::from(number),
            is_reported: true,
            operator: OperatorId(number % 2),
            region: RegionId(1),
            stake_spon: Spon::ONE,
            stake_ppm: Ppm(180_000),
            asked: 10,
            signed: 5,
            deviating: 2,
            late: 1,
            absent: 1,
            refused: 1,
            wrong: 1,
            slashes: 1,
            slash_spon: Spon::from_base(7),
        }
    }

    pub(crate) fn lease(number: u64) -> LeaseRow {
        LeaseRow {
            order_key: EntityKey(number),
            job_key: EntityKey(number),
            tenant: units::TenantId(1),
            tenant_region: RegionId(1),
            provider: ProviderId(2),
            machine: units::MachineId(3),
            region: RegionId(0),
            pool: PoolId(1),
            class: units::ClassId(0),
            host_class: HostClassId(1),
            provider_kind: ProviderKindId(1),
            card: CardId(0),
            gpus: units::GpuCount(8),
            ask_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(1),
            price_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(1),
            opened_at_ns: units::SimTime::ZERO,
            closed_at_ns: units::SimTime::from_nanos(number),
            end: record::LeaseEnd::Censored,
            unpaid_nano_usd: Usd::ZERO,
            is_reported: true,
            exposure_ns: units::Span::HOUR,
            agreed_ns: units::Span::HOUR,
            paid_ns: units::Span::ZERO,
            paused_ns: units::Span::ZERO,
            interruptions: 0,
            preemptions: 0,
            lost_ns: units::Span::ZERO,
            notice_ns: units::Span::ZERO,
            forfeit_ns: units::Span::ZERO,
            is_long: false,
            charged_nano_usd: Usd::ZERO,
            outlay_nano_usd: Usd::ZERO,
            provider_nano_usd: Usd::ZERO,
            refund_nano_usd: Usd::ZERO,
            rtt_ns: units::Span::from_millis(20),
        }
    }

    fn order(number: u64) -> OrderRow {
        let span = number.is_multiple_of(2).then(|| units::Span::from_millis(number));
        OrderRow {
            order_key: EntityKey(u64::MAX - number),
            job_key: EntityKey(number),
            attempt: 1,
            tenant: units::TenantId(1),
            tenant_region: RegionId(1),
            pool: PoolId(0),
            class: units::ClassId(0),
            gpus: units::GpuCount(1),
            card: CardId(0),
            ceiling_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(5),
            duration_ns: units::Span::HOUR,
            submitted_at_ns: units::SimTime::from_nanos(number),
            is_reported: false,
            outcome: record::OrderOutcome::Unmatched,
            reason: record::UnmatchedReason::Capacity,
            is_given_up: number.is_multiple_of(3),
            is_job_reported: number.is_multiple_of(2),
            provider: span.map(|_| ProviderId(4)),
            price_nano_usd_per_gpu_hour: span.map(|_| GpuHourPrice::from_nanos(6)),
            draws: 3,
            latency_bound_dropped: true,
            waited_ns: units::Span::SECOND,
            propagation_ns: span,
            line_ns: units::Span::SECOND,
            window_ns: None,
            committee_ns: span,
            quorum_ns: span,
            rounds: 4,
            retries: 1,
            refused_stake_ppm: Ppm(180_000),
            hidden_stake_ppm: Ppm::ZERO,
            is_bid_excluded: number.is_multiple_of(5),
            inclusion_ns: None,
            ready_ns: None,
            boot_ns: None,
        }
    }

    fn write(folder: &Path) -> Vec<Written> {
        let mut tables = Tables::create(Choice::All, folder, &names()).unwrap();
        give(&mut tables);
        tables.finish().unwrap()
    }

    fn give(tables: &mut Tables) {
        slashes().iter().for_each(|row| tables.on_row(Row::Slash(row)));
        (0..3).for_each(|number| tables.on_row(Row::Bid(&bid(number))));
        (0..4).for_each(|number| tables.on_row(Row::Operator(&operator(number))));
        (0..9).for_each(|number| tables.on_row(Row::Lease(&lease(number))));
        (0..9).for_each(|number| tables.on_row(Row::Order(&order(number))));
        ["USD", "SPON"].iter().for_each(|asset| tables.on_row(Row::Flow(&flow(asset))));
    }

    fn back<T: Table + Copy>(folder: &Path) -> Vec<T> {
        let mut rows = Vec::new();
        replay_table::<T>(folder, &names(), &mut |row| rows.push(*row)).unwrap();
        rows
    }

    fn room(name: &str) -> PathBuf {
        let room =
            std::env::temp_dir().join(format!("orrery-tables-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&room);
        std::fs::create_dir_all(&room).unwrap();
        room
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        let room = room("back");
        let written = write(&room);
        assert_eq!(back::<SlashRow>(&room), slashes());
        assert_eq!(back::<BidRow>(&room), (0..3).map(bid).collect::<Vec<_>>());
        assert_eq!(back::<OperatorRow>(&room), (0..4).map(operator).collect::<Vec<_>>());
        assert_eq!(back::<LeaseRow>(&room), (0..9).map(lease).collect::<Vec<_>>());
        assert_eq!(back::<OrderRow>(&room), (0..9).map(order).collect::<Vec<_>>());
        assert_eq!(back::<FlowRow>(&room), [flow("USD"), flow("SPON")]);
        assert_eq!(back::<SeriesRow>(&room), []);
        let rows = |name| written.iter().find(|table| table.name == name).unwrap().rows;
        assert_eq!((rows("slashes"), rows("bids"), rows("eras")), (70_000, 3, 0));
        std::fs::remove_dir_all(room).unwrap();
    }

    #[test]
    fn equal_rows_give_equal_bytes_written_or_only_hashed() {
        let (one, two) = (room("one"), room("two"));
        let written = write(&one);
        assert_eq!(written, write(&two));
        let mut hashed = Tables::hash_only(Choice::All, &names()).unwrap();
        give(&mut hashed);
        assert_eq!(hashed.finish().unwrap(), written);
        let bytes = crate::files::read(&one.join("slashes.parquet")).unwrap();
        let slashes = written.iter().find(|table| table.name == "slashes").unwrap();
        assert_eq!(crate::files::sha256(&bytes), slashes.sha256);
        for folder in [one, two] {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn a_cut_off_file_is_an_error_that_names_it() {
        let room = room("cut");
        write(&room);
        let path = room.join("slashes.parquet");
        let bytes = crate::files::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = replay(&room, &names(), &mut ()).unwrap_err().to_string();
        assert!(error.contains("slashes.parquet"), "{error}");
        std::fs::remove_dir_all(room).unwrap();
    }
}
