//! What is unusual: far above the last day's values, and above those of the same time of other days.

use crate::promql::{Query, Series};

/// Values that the last day must have: an hour of them.
const ENOUGH: u32 = 60;

/// Where what was recorded is above `floor`, more than three standard deviations above the mean of the
/// day until `before` ago, and above all that it was within half an hour of this time yesterday and a
/// week ago.
pub(crate) fn unusual(recorded: &Series, before: &'static str, floor: u32) -> Query {
    let now = recorded.now();
    let day = |function| recorded.clone().offset(before).over(function, "1d");
    let mean = day("avg_over_time");
    let limit = mean.plus(&day("stddev_over_time").scalar("*", 3));
    let around = |offset| recorded.clone().offset(offset).over("max_over_time", "1h");
    now.scalar(">", floor)
        .and(&now.above(&limit))
        .and(&day("count_over_time").scalar(">=", ENOUGH))
        // Half an hour less than a day, and than a week.
        .unless(&now.at_most(&around("1410m")))
        .unless(&now.at_most(&around("10050m")))
}
