//! Tables as Parquet files: one writer for every row type.
//!
//! Rows are kept by column until a row group is full, so that memory does not grow with simulated
//! time. Equal rows give equal bytes. Names stand where the simulator uses numbers, and every
//! column carries its definition, so that a file can be read without the code that made it.

use crate::files::{FileError, HashedFile};
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};
use record::{
    BidRow, Cell, Column, DemandRow, EconomyRow, EraRow, FlowRow, GasRow, JobRow, Kind, LeaseRow,
    MisuseRow, Names, NetworkRow, Observer, OperatorRow, OrderRow, PriceRow, ProviderRow, RentRow,
    RoundRow, Row, SeriesRow, SlashRow, SupplyRow, Table, TenantRow, VenueRow,
};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows in a row group: the columns of one fit in some 15 MB.
const GROUP_ROWS: usize = 65_536;

/// Which tables a run writes. The digest never depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Choice {
    /// No tables: the summary and the report only.
    None,
    /// Every table but `rounds` and `bids`.
    Core,
    /// Every table: rounds of sampled and of unmatched orders, bids on sampled orders.
    All,
}

/// What a table is, without its rows.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The file name without its ending.
    pub name: &'static str,
    /// What one row is.
    pub doc: &'static str,
    /// The columns, in order.
    pub columns: &'static [Column],
}

impl Shape {
    const fn of<T: Table>() -> Shape {
        Shape { name: T::NAME, doc: T::DOC, columns: T::COLUMNS }
    }
}

/// Every table, in the order of the variants of `Row`.
pub const SHAPES: [Shape; 21] = [
    Shape::of::<OrderRow>(),
    Shape::of::<LeaseRow>(),
    Shape::of::<ProviderRow>(),
    Shape::of::<EraRow>(),
    Shape::of::<SlashRow>(),
    Shape::of::<OperatorRow>(),
    Shape::of::<SeriesRow>(),
    Shape::of::<PriceRow>(),
    Shape::of::<RentRow>(),
    Shape::of::<DemandRow>(),
    Shape::of::<VenueRow>(),
    Shape::of::<MisuseRow>(),
    Shape::of::<FlowRow>(),
    Shape::of::<EconomyRow>(),
    Shape::of::<GasRow>(),
    Shape::of::<SupplyRow>(),
    Shape::of::<JobRow>(),
    Shape::of::<TenantRow>(),
    Shape::of::<NetworkRow>(),
    Shape::of::<RoundRow>(),
    Shape::of::<BidRow>(),
];

/// The last of them, which are written only on demand: they grow with everybody's bids.
const DETAILS: usize = 2;

impl Choice {
    /// The tables that are written.
    pub fn shapes(self) -> &'static [Shape] {
        match self {
            Choice::None => &[],
            Choice::Core => &SHAPES[..SHAPES.len() - DETAILS],
            Choice::All => &SHAPES,
        }
    }
}

/// A table that could not be written.
#[derive(Debug)]
pub enum TableError {
    /// Its file could not be made.
    File(FileError),
    /// Its rows could not be written.
    Rows {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        cause: ParquetError,
    },
}

impl fmt::Display for TableError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableError::File(error) => error.fmt(out),
            TableError::Rows { path, cause } => {
                write!(out, "cannot write {}: {cause}", path.display())
            }
        }
    }
}

impl std::error::Error for TableError {}

/// A table that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The table's name.
    pub name: &'static str,
    /// Its rows.
    pub rows: u64,
    /// The SHA-256 of its file, in hex.
    pub sha256: String,
}

/// Writes the chosen tables of a run.
pub struct Tables {
    names: Names,
    writers: Vec<TableWriter>,
    /// The first failure: an observer cannot refuse a row, so it is kept and told later.
    failure: Option<TableError>,
}

impl Tables {
    /// Starts the chosen tables in a folder that exists.
    pub fn create(choice: Choice, folder: &Path, names: &Names) -> Result<Tables, TableError> {
        let create = |shape: &Shape| {
            let path = folder.join(format!("{}.parquet", shape.name));
            let file = HashedFile::create(&path).map_err(TableError::File)?;
            TableWriter::start(shape, path, file)
        };
        let writers = choice.shapes().iter().map(create).collect::<Result<_, _>>()?;
        Ok(Tables { names: names.clone(), writers, failure: None })
    }

    /// The same bytes, written nowhere: only their hashes come out.
    pub fn hash_only(choice: Choice, names: &Names) -> Result<Tables, TableError> {
        let create = |shape: &Shape| {
            TableWriter::start(shape, PathBuf::from(shape.name), HashedFile::nowhere())
        };
        let writers = choice.shapes().iter().map(create).collect::<Result<_, _>>()?;
        Ok(Tables { names: names.clone(), writers, failure: None })
    }

    /// Writes what is left and the footers.
    pub fn finish(self) -> Result<Vec<Written>, TableError> {
        match self.failure {
            Some(failure) => Err(failure),
            None => self.writers.into_iter().map(TableWriter::finish).collect(),
        }
    }

    fn push<T: Table>(&mut self, table: usize, row: &T) {
        if let Some(writer) = self.writers.get_mut(table)
            && self.failure.is_none()
        {
            self.failure = writer.push(row, &self.names).err();
        }
    }
}

impl Observer for Tables {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Order(row) => self.push(0, row),
            Row::Lease(row) => self.push(1, row),
            Row::Provider(row) => self.push(2, row),
            Row::Era(row) => self.push(3, row),
            Row::Slash(row) => self.push(4, row),
            Row::Operator(row) => self.push(5, row),
            Row::Series(row) => self.push(6, row),
            Row::Price(row) => self.push(7, row),
            Row::Rent(row) => self.push(8, row),
            Row::Demand(row) => self.push(9, row),
            Row::Venue(row) => self.push(10, row),
            Row::Misuse(row) => self.push(11, row),
            Row::Flow(row) => self.push(12, row),
            Row::Economy(row) => self.push(13, row),
            Row::Gas(row) => self.push(14, row),
            Row::Supply(row) => self.push(15, row),
            Row::Job(row) => self.push(16, row),
            Row::Tenant(row) => self.push(17, row),
            Row::Network(row) => self.push(18, row),
            Row::Round(row) => self.push(19, row),
            Row::Bid(row) => self.push(20, row),
        }
    }

    fn wants_sample(&self) -> bool {
        self.writers.len() == SHAPES.len()
    }

    fn wants_unmatched(&self) -> bool {
        self.writers.len() == SHAPES.len()
    }
}

/// One table on its way to a file.
struct TableWriter {
    name: &'static str,
    path: PathBuf,
    file: SerializedFileWriter<HashedFile>,
    columns: Vec<Buffer>,
    rows_buffered: usize,
    rows: u64,
}

impl TableWriter {
    fn start(shape: &Shape, path: PathBuf, file: HashedFile) -> Result<TableWriter, TableError> {
        let (schema, properties) = (Arc::new(schema(shape)), Arc::new(properties(shape)));
        let columns = shape.columns.iter().map(|column| Buffer::of(column.kind)).collect();
        let file = match SerializedFileWriter::new(file, schema, properties) {
            Ok(file) => file,
            Err(cause) => return Err(TableError::Rows { path, cause }),
        };
        Ok(TableWriter { name: shape.name, path, file, columns, rows_buffered: 0, rows: 0 })
    }

    fn push<T: Table>(&mut self, row: &T, names: &Names) -> Result<(), TableError> {
        let mut columns = self.columns.iter_mut();
        row.cells(&mut |cell| {
            let column = columns.next().expect("a row has as many cells as its table has columns");
            column.push(cell, names);
        });
        assert!(columns.next().is_none(), "a row fills every column");
        self.rows_buffered += 1;
        if self.rows_buffered == GROUP_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TableError> {
        self.rows += self.rows_buffered as u64;
        self.rows_buffered = 0;
        write_group(&mut self.file, &mut self.columns)
            .map_err(|cause| TableError::Rows { path: self.path.clone(), cause })
    }

    fn finish(mut self) -> Result<Written, TableError> {
        if self.rows_buffered > 0 {
            self.flush()?;
        }
        let (name, rows, path) = (self.name, self.rows, self.path);
        match self.file.into_inner() {
            Ok(file) => Ok(Written { name, rows, sha256: file.finish() }),
            Err(cause) => Err(TableError::Rows { path, cause }),
        }
    }
}

fn write_group(
    file: &mut SerializedFileWriter<HashedFile>,
    columns: &mut [Buffer],
) -> Result<(), ParquetError> {
    let mut group = file.next_row_group()?;
    for column in columns {
        let mut writer = group.next_column()?.expect("the schema has a place for every column");
        column.write(writer.untyped())?;
        writer.close()?;
    }
    group.close()?;
    Ok(())
}

/// The values of one column until their row group is full.
enum Buffer {
    Int(Vec<i64>),
    MaybeInt { values: Vec<i64>, is_there: Vec<i16> },
    Decimal(Vec<i128>),
    Bool(Vec<bool>),
    Text(Words),
    Hash(Vec<FixedLenByteArray>),
}

impl Buffer {
    fn of(kind: Kind) -> Buffer {
        match kind {
            Kind::U64 | Kind::I64 => Buffer::Int(Vec::new()),
            Kind::MaybeI64 => Buffer::MaybeInt { values: Vec::new(), is_there: Vec::new() },
            Kind::Spon => Buffer::Decimal(Vec::new()),
            Kind::Bool => Buffer::Bool(Vec::new()),
            Kind::Text => Buffer::Text(Words::default()),
            Kind::Hash => Buffer::Hash(Vec::new()),
        }
    }

    fn push(&mut self, cell: Cell, names: &Names) {
        match (self, cell) {
            // The file says that the 64 bits are unsigned.
            (Buffer::Int(values), Cell::U64(value)) => values.push(value.cast_signed()),
            (Buffer::Int(values), Cell::I64(value)) => values.push(value),
            (Buffer::MaybeInt { values, is_there }, Cell::MaybeI64(value)) => {
                values.extend(value);
                is_there.push(i16::from(value.is_some()));
            }
            (Buffer::Decimal(values), Cell::Spon(value)) => values.push(value),
            (Buffer::Bool(values), Cell::Bool(value)) => values.push(value),
            (Buffer::Hash(values), Cell::Hash(value)) => values.push(value.to_vec().into()),
            (Buffer::Text(words), cell) => words.push(cell, names),
            (_, cell) => panic!("{cell:?} does not belong into its column"),
        }
    }

    /// Writes and forgets the values; room and words stay for the next row group.
    fn write(&mut self, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        match (self, writer) {
            (Buffer::Int(values), ColumnWriter::Int64ColumnWriter(writer)) => {
                writer.write_batch(values, None, None)?;
                values.clear();
            }
            (Buffer::MaybeInt { values, is_there }, ColumnWriter::Int64ColumnWriter(writer)) => {
                writer.write_batch(values, Some(is_there), None)?;
                values.clear();
                is_there.clear();
            }
            (Buffer::Decimal(values), ColumnWriter::FixedLenByteArrayColumnWriter(writer)) => {
                let fixed = |value: &i128| FixedLenByteArray::from(value.to_be_bytes().to_vec());
                let bytes: Vec<_> = values.iter().map(fixed).collect();
                writer.write_batch(&bytes, None, None)?;
                values.clear();
            }
            (Buffer::Bool(values), ColumnWriter::BoolColumnWriter(writer)) => {
                writer.write_batch(values, None, None)?;
                values.clear();
            }
            (Buffer::Text(words), ColumnWriter::ByteArrayColumnWriter(writer)) => {
                let word = |&place: &u32| words.words[place as usize].clone();
                let bytes: Vec<_> = words.rows.iter().map(word).collect();
                writer.write_batch(&bytes, None, None)?;
                words.rows.clear();
            }
            (Buffer::Hash(values), ColumnWriter::FixedLenByteArrayColumnWriter(writer)) => {
                writer.write_batch(values, None, None)?;
                values.clear();
            }
            _ => panic!("the schema is made from the same kinds as the buffers"),
        }
        Ok(())
    }
}

/// The values of a text column: few words, each in many rows.
#[derive(Default)]
struct Words {
    words: Vec<ByteArray>,
    /// Where the word of a cell stands. A cell is known by its identifier, or by where its static
    /// text lies and how long it is: to compare numbers is cheaper than to compare texts.
    known: Vec<([usize; 2], u32)>,
    /// The place of each row's word.
    rows: Vec<u32>,
}

impl Words {
    fn push(&mut self, cell: Cell, names: &Names) {
        let (cell, word) = match cell {
            Cell::Text(text) => ([text.as_ptr().addr(), text.len()], text),
            Cell::Pool(id) => ([id.index(), usize::MAX], names.pool(id)),
            Cell::Region(id) => ([id.index(), usize::MAX], names.region(id)),
            Cell::Card(id) => ([id.index(), usize::MAX], names.card(id)),
            Cell::Class(id) => ([id.index(), usize::MAX], names.class(id)),
            Cell::HostClass(id) => ([id.index(), usize::MAX], names.host_class(id)),
            Cell::ProviderKind(id) => ([id.index(), usize::MAX], names.provider_kind(id)),
            Cell::TenantKind(id) => ([id.index(), usize::MAX], names.tenant_kind(id)),
            Cell::Operator(id) => ([id.index(), usize::MAX], names.operator(id)),
            Cell::Venue(id) => ([id.index(), usize::MAX], names.venue(id)),
            Cell::Network(id) => ([id.index(), usize::MAX], names.network(id)),
            _ => panic!("a text column holds words and identifiers"),
        };
        let known = self.known.iter().find(|(known, _)| *known == cell).map(|(_, place)| *place);
        let place = known.unwrap_or_else(|| self.learn(cell, word));
        self.rows.push(place);
    }

    /// Where `word` stands; the same text may lie at two addresses, but is one word.
    fn learn(&mut self, cell: [usize; 2], word: &str) -> u32 {
        let place = self.words.iter().position(|known| known.data() == word.as_bytes());
        let place = place.unwrap_or(self.words.len());
        if place == self.words.len() {
            self.words.push(ByteArray::from(word.as_bytes().to_vec()));
        }
        self.known.push((cell, place as u32));
        place as u32
    }
}

/// The schema of a table's file.
fn schema(shape: &Shape) -> Type {
    let fields = shape.columns.iter().map(|column| Arc::new(field(column))).collect();
    let schema = Type::group_type_builder(shape.name).with_fields(fields).build();
    schema.expect("a group of fields is a schema")
}

fn field(column: &Column) -> Type {
    let (physical, logical) = match column.kind {
        Kind::U64 => (Physical::INT64, Some(LogicalType::integer(64, false))),
        Kind::I64 | Kind::MaybeI64 => (Physical::INT64, None),
        Kind::Spon => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(18, 38))),
        Kind::Bool => (Physical::BOOLEAN, None),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Hash => (Physical::FIXED_LEN_BYTE_ARRAY, None),
    };
    let is_optional = column.kind == Kind::MaybeI64;
    let repetition = if is_optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let field = Type::primitive_type_builder(column.name, physical).with_repetition(repetition);
    let field = match column.kind {
        Kind::Spon => field.with_length(16).with_precision(38).with_scale(18),
        Kind::Hash => field.with_length(32),
        _ => field,
    };
    field.with_logical_type(logical).build().expect("the logical type fits the physical one")
}

/// How a file is written: nothing in it depends on when, where or with which threads.
fn properties(shape: &Shape) -> WriterProperties {
    let level = ZstdLevel::try_new(3).expect("3 is a level of zstd");
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("orrery ", env!("CARGO_PKG_VERSION")).to_string())
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(metadata(shape)));
    for column in shape.columns {
        let path = ColumnPath::from(column.name);
        // Counts and times grow slowly from row to row: their differences are short.
        if matches!(column.kind, Kind::U64 | Kind::I64 | Kind::MaybeI64) {
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
    }
    properties.build()
}

/// The definitions of a table and its columns, as its file carries them.
fn metadata(shape: &Shape) -> Vec<KeyValue> {
    let entry = |key: String, text: &str| KeyValue::new(key, text.trim().to_string());
    let columns =
        shape.columns.iter().map(|column| entry(format!("column.{}", column.name), column.doc));
    std::iter::once(entry("table".to_string(), shape.doc)).chain(columns).collect()
}

/// What the tables of a folder and their columns mean, for a reader without a Parquet tool.
pub fn readme(choice: Choice) -> String {
    let head = "# Tables\n\nEach file is one table in Parquet. Times are nanoseconds since the \
                start of the run, warm-up included; `nano_usd` are nano-dollars (10^-9 USD); \
                tokens are decimals. GPU-time is in GPU-microseconds (10^-6 s of one GPU). The same definitions stand in the metadata of each file, \
                under `table` and `column.<name>`.\n";
    choice.shapes().iter().fold(head.to_string(), |text, shape| text + &describe(shape))
}

fn describe(shape: &Shape) -> String {
    let head = format!(
        "\n## {}.parquet\n\n{}\n\n| column | type | definition |\n|---|---|---|\n",
        shape.name,
        shape.doc.trim()
    );
    shape.columns.iter().fold(head, |text, column| {
        text + &format!("| `{}` | {} | {} |\n", column.name, kind(column.kind), column.doc.trim())
    })
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::U64 => "unsigned integer",
        Kind::I64 => "integer",
        Kind::MaybeI64 => "integer or empty",
        Kind::Spon => "decimal(38, 18)",
        Kind::Bool => "boolean",
        Kind::Text => "text",
        Kind::Hash => "32 bytes",
    }
}
