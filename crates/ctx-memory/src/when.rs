//! Times as people write them, and dates as words to find by.

use ctx_model::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A moment as people write it, in UTC unless it says otherwise: `1:56 pm on
/// 8 May, 2023`, `May 8th 2023`, `2023-05-08 13:56`, or RFC 3339. None if the
/// text holds no whole date.
///
/// ```
/// let said = ctx_memory::parse_when("1:56 pm on 8 May, 2023");
/// assert_eq!(said, ctx_memory::parse_when("2023-05-08T13:56:00Z"));
/// ```
pub fn parse_when(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(exact) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(exact.as_microsecond()));
    }
    let mut parts = Parts::default();
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| c.is_whitespace() || c == ',');
    for word in words.filter(|word| !word.is_empty()).take(16) {
        parts.read(word);
    }
    let date = Date::new(parts.year?, parts.month?, parts.day?).ok()?;
    let hour = match (parts.hour, parts.afternoon) {
        (hour, None) => hour,
        (12, Some(false)) => 0,
        (hour, Some(true)) if hour < 12 => hour + 12,
        (hour, _) => hour,
    };
    let time = Time::new(hour, parts.minute, parts.second, 0).ok()?;
    timestamp(DateTime::from_parts(date, time))
}

/// What the words of a date have said so far.
#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: i8,
    minute: i8,
    second: i8,
    afternoon: Option<bool>,
}

impl Parts {
    fn read(&mut self, word: &str) {
        let word = word.trim_end_matches('.');
        let bare = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        match &word[bare.len()..] {
            "am" | "a.m" if bare.is_empty() || self.clock(bare) => self.afternoon = Some(false),
            "pm" | "p.m" if bare.is_empty() || self.clock(bare) => self.afternoon = Some(true),
            "" | "st" | "nd" | "rd" | "th" if !bare.is_empty() => self.number(bare),
            _ => {
                if let Some(month) = month_named(word) {
                    self.month = Some(month);
                }
            }
        }
    }

    fn number(&mut self, text: &str) {
        if text.contains(':') {
            self.clock(text);
            return;
        }
        let mut iso = text.split('-');
        if let (Some(year), Some(month), Some(day)) = (iso.next(), iso.next(), iso.next()) {
            self.year = year.parse().ok();
            self.month = month.parse().ok();
            self.day = day.parse().ok();
            return;
        }
        match text.parse::<i16>() {
            Ok(year) if year > 31 => self.year = Some(year),
            Ok(day) => self.day = i8::try_from(day).ok(),
            Err(_) => {}
        }
    }

    /// Reads `1:56`, `13:56:01` or the `3` of `3pm`.
    fn clock(&mut self, text: &str) -> bool {
        let mut numbers = text.split(':').map(str::parse::<i8>);
        let Some(Ok(hour)) = numbers.next() else { return false };
        self.hour = hour;
        self.minute = numbers.next().and_then(Result::ok).unwrap_or(0);
        self.second = numbers.next().and_then(Result::ok).unwrap_or(0);
        true
    }
}

/// The number of a month by its name or the first three or more letters of it.
fn month_named(word: &str) -> Option<i8> {
    if word.len() < 3 || !word.is_ascii() {
        return None;
    }
    let found = MONTHS.iter().position(|month| month.starts_with(word));
    let sept = (word == "sept").then_some(8);
    found.or(sept).map(|at| at as i8 + 1)
}

fn timestamp(moment: DateTime) -> Option<Timestamp> {
    let zoned = moment.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp(zoned.timestamp().as_microsecond()))
}

fn date_of(at: Timestamp) -> Option<Date> {
    let exact = jiff::Timestamp::from_microsecond(at.0).ok()?;
    Some(exact.to_zoned(TimeZone::UTC).date())
}

/// The date of a moment, `2023-05-08`; empty if it is out of range.
pub(crate) fn date_text(at: Timestamp) -> String {
    date_of(at).map_or_else(String::new, |date| date.to_string())
}

/// The terms under which a moment's date is found. `@` keeps them apart from
/// other words: the verb `may` is no month.
pub(crate) fn date_terms(at: Timestamp) -> Vec<String> {
    let Some(date) = date_of(at) else { return Vec::new() };
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    vec![
        format!("@{}", date.year()),
        format!("@{month}"),
        format!("@{}", date.day()),
        format!("@{date}"),
    ]
}

/// The date terms that a question asks for: months, years, days beside months,
/// whole dates, and `today` and `yesterday` as seen from `now`.
pub(crate) fn asked_date_terms(question: &str, now: Timestamp) -> Vec<String> {
    const DAY: i64 = 86_400_000_000;
    let mut terms = Vec::new();
    let words: Vec<&str> = question
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .collect();
    let day_at = |at: Option<&&str>| {
        let word = at?.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        word.parse::<u8>().ok().filter(|day| (1..=31).contains(day))
    };
    for (at, word) in words.iter().enumerate() {
        let lower = word.to_lowercase();
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        let (before_day, after_day) = (day_at(before), day_at(words.get(at + 1)));
        if let Some(month) = month_named(&lower) {
            let name = MONTHS[usize::from(month.unsigned_abs()) - 1];
            let capital = word.starts_with(char::is_uppercase);
            // `may` and `march` are verbs too, and sentences begin with them.
            let beside = before_day.or(after_day);
            let named = (capital && at > 0 && lower.len() >= 3) || beside.is_some();
            if named && (lower == name || lower.len() <= 4) {
                terms.push(format!("@{name}"));
                terms.extend(beside.map(|day| format!("@{day}")));
            }
        } else if let Ok(date) = lower.parse::<Date>() {
            terms.push(format!("@{date}"));
        } else if let Ok(year @ 1970..=2100) = lower.parse::<u16>() {
            terms.push(format!("@{year}"));
        } else if lower == "yesterday" {
            terms.push(format!("@{}", date_text(Timestamp(now.0 - DAY))));
        } else if lower == "today" {
            terms.push(format!("@{}", date_text(now)));
        }
    }
    terms.sort();
    terms.dedup();
    terms
}
