//! Jobs out of a file: `replay = { file = "jobs.csv", format = "orrery", ... }` of a pool.
//!
//! The text of the file takes the place of its name before anything is checked, so that the
//! effective scenario holds all that a run depends on. The first line names the columns; columns
//! that a format does not know are passed over, and fields are plain, without quotes.
//!
//! - `orrery`: `arrival_s`, `gpus`, `duration_s`; if wanted `class`, `card` and `ceiling`
//!   (USD/GPU-h), each of which may be empty in a row.
//! - `philly`: `t_s`, `duration_s`, `num_gpus`, the jobs of Microsoft's Philly as in data.md 5.2.
//! - `openb`: `creation_time`, `deletion_time`, `scheduled_time`, `num_gpu`, the pods of Alibaba's
//!   cluster-trace-gpu-v2023.
//!
//! In `orrery` whatever cannot run here is refused with its line. The other two tell of other
//! clusters: pods without a GPU or never scheduled, jobs without a length and those that are larger
//! than a machine here are left out, and a warning says how many. A pod that has a part of a card
//! (`gpu_milli` below 1000, where the file has that column) counts as one GPU, because leases are
//! of whole cards; the load sheet says how many there are. Files may be compressed (`.gz`).

use crate::chain::{Loader, resolved};
use crate::node::{Node, Origin, Value};
use crate::problem::Problem;
use crate::reader::Names;
use crate::validated::ReplayJob;
use units::text::{TextError, parse_gpu_hour_price, parse_span};
use units::{CardId, GpuCount, GpuHourPrice, Span};

/// Most jobs of one file.
const JOBS_MAX: usize = 2_000_000;

/// Puts the text of each pool's file in the place of its name.
pub fn expand(root: &mut Node, loader: &dyn Loader, problems: &mut Vec<Problem>) {
    let Some(pools) = entry_mut(root, "pool") else { return };
    let Value::Table(pools) = &mut pools.value else { return };
    for (_, pool) in pools {
        let Some(replay) = entry_mut(pool, "replay") else { continue };
        let has_text = replay.get("text").is_some();
        let Some(name) = entry_mut(replay, "file").filter(|_| !has_text) else { continue };
        match text_of(name, loader) {
            Ok(text) => *name = text,
            Err(problem) => {
                problems.push(problem);
                replay.value = Value::Text("none".to_string());
            }
        }
        if let Value::Table(entries) = &mut replay.value {
            entries.iter_mut().filter(|(key, _)| key == "file").for_each(|(key, _)| {
                *key = "text".to_string();
            });
        }
    }
}

fn entry_mut<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    let Value::Table(entries) = &mut node.value else { return None };
    entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node)
}

/// The text of the file that a node names, as if it had been written there.
fn text_of(name: &Node, loader: &dyn Loader) -> Result<Node, Problem> {
    let told = |message: String| {
        let mut problem = Problem::of_file(&name.origin.file, message).at_line(name.origin.line);
        (problem.key, problem.text) = ("file".to_string(), name.as_written());
        problem
    };
    let Value::Text(file) = &name.value else {
        return Err(told("is no text; write the path of a CSV file in quotes".to_string()));
    };
    let path = resolved(&name.origin.file, file);
    let bytes = loader.read(&path).map_err(|error| told(format!("{path} {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        told(format!("{path} is no text; write it as UTF-8, as it is or compressed with gzip"))
    })?;
    let origin = Origin { file: path.into(), line: 1 };
    Ok(Node { value: Value::Text(text), origin })
}

/// Which columns a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Ours.
    Orrery,
    /// Jobs of Philly.
    Philly,
    /// Pods of openb.
    Openb,
}

/// The formats by their words.
pub const FORMATS: [(&str, Format); 3] =
    [("orrery", Format::Orrery), ("philly", Format::Philly), ("openb", Format::Openb)];

/// What the jobs of a file are held against.
pub struct Place<'a> {
    /// The file's columns.
    pub format: Format,
    /// The classes of the pool.
    pub classes: &'a Names,
    /// The class of jobs that name none.
    pub class: u16,
    /// The cards.
    pub cards: &'a Names,
    /// GPUs of one machine of the pool.
    pub gpus_max: GpuCount,
    /// The moment of the file at which the run starts.
    pub from: Span,
}

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// Its jobs from the run's start on.
    pub jobs: Vec<ReplayJob>,
    /// Jobs of another cluster that cannot run here.
    pub left_out: usize,
    /// Jobs that asked for a part of a card and get a whole one.
    pub parts: u32,
}

/// Longest run of a job, and latest arrival: a hundred years.
const SPAN_MAX: Span = Span::from_hours(876_600);

/// The jobs of a text, or the line that is wrong and why.
pub fn read_jobs(text: &str, place: &Place) -> Result<Jobs, (u32, String)> {
    let mut lines = (1_u32..).zip(text.lines());
    let (_, head) = lines.next().ok_or((1, "is empty; name its columns first".to_string()))?;
    let columns = Columns::of(head, place.format).map_err(|why| (1, why))?;
    let mut found = Jobs::default();
    let mut before = Span::ZERO;
    let mut rows = 0;
    for (line, row) in lines.filter(|(_, row)| !row.trim().is_empty()) {
        let fields: Vec<&str> = row.split(',').map(str::trim).collect();
        let reading = Row { line, fields: &fields, columns: &columns, place };
        let arrives_at = reading.span(0).map_err(|why| (line, why))?;
        if arrives_at < before {
            return Err((line, "goes back in time; sort the file by arrival".to_string()));
        }
        before = arrives_at;
        rows += 1;
        if rows > JOBS_MAX {
            return Err((line, format!("is past {JOBS_MAX} jobs; shorten the file")));
        }
        match reading.job(arrives_at).map_err(|why| (line, why))? {
            _ if arrives_at < place.from => {}
            Some(job) => {
                found.parts += u32::from(reading.is_part());
                found.jobs.push(job);
            }
            None => found.left_out += 1,
        }
    }
    if rows == 0 {
        return Err((1, "has no job below its columns; write one, or replay = \"none\"".into()));
    }
    Ok(found)
}

/// Where the columns of a format stand in a file.
struct Columns {
    /// Those that every file of the format has: the arrival comes first.
    needed: Vec<(&'static str, usize)>,
    /// Those that it may have.
    wanted: Vec<Option<usize>>,
    /// Thousandths of a card, in openb.
    part: Option<usize>,
}

/// Columns of `orrery` that a file may have.
const WANTED: [&str; 3] = ["class", "card", "ceiling"];

impl Columns {
    fn of(head: &str, format: Format) -> Result<Columns, String> {
        let names: Vec<&str> = head.trim_start_matches('\u{feff}').split(',').collect();
        let names: Vec<&str> = names.into_iter().map(str::trim).collect();
        let place = |name: &str| names.iter().position(|other| *other == name);
        let (needed, wanted): (&[&str], &[&str]) = match format {
            Format::Orrery => (&["arrival_s", "duration_s", "gpus"], &WANTED),
            Format::Philly => (&["t_s", "duration_s", "num_gpus"], &[]),
            Format::Openb => {
                (&["creation_time", "deletion_time", "num_gpu", "scheduled_time"], &[])
            }
        };
        let must = |name: &&'static str| {
            let found = place(name).map(|place| (*name, place));
            found.ok_or_else(|| format!("has no column {name}; it has {}", names.join(", ")))
        };
        Ok(Columns {
            needed: needed.iter().map(must).collect::<Result<_, _>>()?,
            wanted: wanted.iter().map(|name| place(name)).collect(),
            part: place("gpu_milli").filter(|_| format == Format::Openb),
        })
    }
}

/// One line of a file.
struct Row<'a> {
    line: u32,
    fields: &'a [&'a str],
    columns: &'a Columns,
    place: &'a Place<'a>,
}

impl Row<'_> {
    fn needed(&self, column: usize) -> Result<(&'static str, &str), String> {
        let (name, at) = self.columns.needed[column];
        let field = self.fields.get(at).filter(|field| !field.is_empty());
        let field = field.ok_or_else(|| format!("has nothing under {name}; write a number"))?;
        Ok((name, *field))
    }

    /// A column that may be absent, and may be empty.
    fn wanted(&self, column: usize) -> Option<&str> {
        let at = (*self.columns.wanted.get(column)?)?;
        self.fields.get(at).copied().filter(|field| !field.is_empty())
    }

    fn span(&self, column: usize) -> Result<Span, String> {
        let (name, field) = self.needed(column)?;
        let span = parse_span(&format!("{field} s"));
        let span =
            span.map_err(|why| format!("has \"{field}\" under {name}, which {}", told(&why)))?;
        if span > SPAN_MAX {
            return Err(format!("has \"{field}\" under {name}; keep it under a hundred years"));
        }
        Ok(span)
    }

    fn gpus(&self) -> Result<u32, String> {
        let (name, field) = self.needed(2)?;
        let gpus = field.parse::<u32>();
        gpus.map_err(|_| format!("has \"{field}\" under {name}; write a whole number of GPUs"))
    }

    /// Whether it asks for less than a card.
    fn is_part(&self) -> bool {
        let field = self.columns.part.and_then(|at| self.fields.get(at));
        field.and_then(|field| field.parse::<u32>().ok()).is_some_and(|milli| milli < 1_000)
    }

    /// The job; none for one of another cluster that cannot run here.
    fn job(&self, arrives_at: Span) -> Result<Option<ReplayJob>, String> {
        let gpus = self.gpus()?;
        let duration = match self.place.format {
            Format::Openb => self.time_on_node()?,
            _ => self.span(1)?,
        };
        let fits = (1..=self.place.gpus_max.0).contains(&gpus);
        if self.place.format != Format::Orrery && (!fits || duration.is_zero()) {
            return Ok(None);
        }
        if !fits {
            let most = self.place.gpus_max.0;
            return Err(format!("asks for {gpus} GPUs of one machine; write 1 to {most}"));
        }
        if duration.is_zero() {
            return Err("runs for no time; write a duration above zero".to_string());
        }
        Ok(Some(ReplayJob {
            line: self.line,
            arrives_at: arrives_at.saturating_sub(self.place.from),
            class: self.class()?,
            gpus: GpuCount(gpus),
            duration,
            card: self.card()?,
            ceiling: self.ceiling()?,
        }))
    }

    /// How long a pod ran: from its scheduling to its end; nothing if it never was scheduled.
    fn time_on_node(&self) -> Result<Span, String> {
        let end = self.span(1)?;
        if self.needed(3).is_err() {
            return Ok(Span::ZERO);
        }
        let start = self.span(3)?;
        if end < start {
            return Err("ends before it starts; correct deletion_time".to_string());
        }
        Ok(end.saturating_sub(start))
    }

    fn class(&self) -> Result<u16, String> {
        let Some(name) = self.wanted(0) else { return Ok(self.place.class) };
        let found = self.place.classes.index(name);
        let place = found.ok_or_else(|| {
            format!("has class {name}, which {}", self.place.classes.unknown(name))
        })?;
        Ok(u16::try_from(place).unwrap_or(u16::MAX))
    }

    fn card(&self) -> Result<Option<CardId>, String> {
        let Some(name) = self.wanted(1) else { return Ok(None) };
        let found = self.place.cards.index(name);
        let place = found
            .ok_or_else(|| format!("has card {name}, which {}", self.place.cards.unknown(name)))?;
        Ok(Some(CardId(u16::try_from(place).unwrap_or(u16::MAX))))
    }

    fn ceiling(&self) -> Result<Option<GpuHourPrice>, String> {
        let Some(field) = self.wanted(2) else { return Ok(None) };
        let price = parse_gpu_hour_price(&format!("{field} USD/GPU-h"));
        price
            .map(Some)
            .map_err(|why| format!("has \"{field}\" under ceiling, which {}", told(&why)))
    }
}

/// What is wrong with a field, whose unit is that of its column.
fn told(why: &TextError) -> String {
    match why {
        TextError::NotANumber | TextError::Unit { .. } => "is no number; write digits".to_string(),
        why => why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(kind: &'static str, names: &[&str]) -> Names {
        Names::new(kind, names.iter().map(ToString::to_string).collect())
    }

    fn read(format: Format, text: &str) -> Result<Jobs, (u32, String)> {
        let (classes, cards) = (names("class", &["a", "b"]), names("card", &["t4", "h100"]));
        let place = Place {
            format,
            classes: &classes,
            class: 1,
            cards: &cards,
            gpus_max: GpuCount(8),
            from: Span::from_secs(10),
        };
        read_jobs(text, &place)
    }

    fn job(line: u32, at: u64, gpus: u32, duration: u64) -> ReplayJob {
        ReplayJob {
            line,
            arrives_at: Span::from_secs(at),
            class: 1,
            gpus: GpuCount(gpus),
            duration: Span::from_secs(duration),
            card: None,
            ceiling: None,
        }
    }

    #[test]
    fn our_columns_are_read_in_any_order_and_what_is_empty_is_drawn() {
        let text = "gpus,card,arrival_s,note,duration_s,class,ceiling\n1,,5,x,60,,\n\
                    2,h100,10,,0.5,a,1.25\n8,,12,,7,,\n";
        let own = ReplayJob {
            class: 0,
            duration: Span::from_millis(500),
            card: Some(CardId(1)),
            ceiling: Some(GpuHourPrice::from_nanos(1_250_000_000)),
            ..job(3, 0, 2, 0)
        };
        let jobs = vec![own, job(4, 2, 8, 7)];
        assert_eq!(read(Format::Orrery, text), Ok(Jobs { jobs, left_out: 0, parts: 0 }));
    }

    #[test]
    fn files_of_other_clusters_are_read_without_what_cannot_run_here() {
        // The first comes before the run does.
        let philly = "t_s,duration_s,num_gpus,vc\n9,9,16,y\n10,5,1,x\n11,0,1,x\n12,9,16,y\n";
        let jobs = vec![job(3, 0, 1, 5)];
        assert_eq!(read(Format::Philly, philly), Ok(Jobs { jobs, left_out: 2, parts: 0 }));
        let openb = "name,num_gpu,gpu_milli,creation_time,deletion_time,scheduled_time\n\
                     a,1,460,10,30,20\nb,0,0,11,30,20\nc,1,300,12,30,\nd,2,1000,12,30,20\n";
        let jobs = vec![job(2, 0, 1, 10), job(5, 2, 2, 10)];
        assert_eq!(read(Format::Openb, openb), Ok(Jobs { jobs, left_out: 2, parts: 1 }));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let head = "arrival_s,gpus,duration_s,class,card,ceiling\n";
        let cases = [
            ("", 1, "is empty"),
            (head, 1, "has no job"),
            ("arrival_s,gpus\n1,1\n", 1, "has no column duration_s"),
            ("20,1,5,,,\n19,1,5,,,\n", 3, "goes back in time; sort the file by arrival"),
            ("-1,1,5,,,\n", 2, "has \"-1\" under arrival_s, which is below zero"),
            ("1,1,-5,,,\n", 2, "has \"-5\" under duration_s, which is below zero"),
            ("1,1,0,,,\n", 2, "runs for no time"),
            ("1,-1,5,,,\n", 2, "has \"-1\" under gpus"),
            ("1,0,5,,,\n", 2, "asks for 0 GPUs of one machine; write 1 to 8"),
            ("1,9,5,,,\n", 2, "asks for 9 GPUs of one machine; write 1 to 8"),
            ("1,1,5,c,,\n", 2, "has class c, which is no known class"),
            ("1,1,5,,t5,\n", 2, "has card t5, which is no known card; did you mean t4?"),
            ("1,1,5,,,-1\n", 2, "has \"-1\" under ceiling, which is below zero"),
            ("1,1\n", 2, "has nothing under duration_s"),
            ("1,1,1e9,,,\n", 2, "has \"1e9\" under duration_s, which has an exponent; write all"),
            ("NaN,1,5,,,\n", 2, "has \"NaN\" under arrival_s, which is no number; write digits"),
            ("1,1,5 h,,,\n", 2, "has \"5 h\" under duration_s, which is no number; write digits"),
            ("1,1,5,,,1e4\n", 2, "has \"1e4\" under ceiling, which has an exponent"),
        ];
        for (text, line, message) in cases {
            let has_head = text.is_empty() || text.starts_with("arrival_s");
            let text = if has_head { text.to_string() } else { format!("{head}{text}") };
            let (at, why) = read(Format::Orrery, &text).expect_err(message);
            assert!(at == line && why.starts_with(message), "{at}: {why}");
        }
        let back = "name,num_gpu,creation_time,deletion_time,scheduled_time\na,1,10,15,20\n";
        let (line, why) = read(Format::Openb, back).expect_err("time goes backwards");
        assert!(line == 2 && why.starts_with("ends before it starts"), "{why}");
    }
}
