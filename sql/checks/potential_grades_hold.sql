-- checks.potential_grades_hold
-- Table   potential
-- Severity critical
-- Meaning a headline stands exactly where the grade is A or B and inside its range; A needs reliability of 0.7 and a range above 0
-- Grain   one row per potential that contradicts its grade, or that is negative
-- Reads   marts.potential
with p as (
    select
        body_id, service_id, period, grade, reliability, reason,
        columns('^value_.*') as value, columns('^lo_.*') as lo, columns('^hi_.*') as hi
    from marts.potential
)
select *
from p
where (grade is not null and (grade = 'C') <> (value is null))
    or (grade is null and (value is not null or reason is null))
    or (grade is not null and reason is not null)
    or (grade = 'A' and not (reliability >= 0.7 and lo > 0))
    or not lo <= value
    or not value <= hi
    or lo < 0
    or (grade in ('A', 'B') and not hi > 0)
order by all
