-- checks.proportions_within_one
-- Table   indicator_values
-- Severity warning
-- Meaning no proportion exceeds one; those that do are withheld as quarantined
-- Grain   one row per figure withheld
-- Reads   marts.indicator_values, marts.indicators
select v.body_id, v.indicator_id, v.period, v.numerator, v.denominator
from marts.indicator_values v
join marts.indicators i using (indicator_id)
where i.interval = 'proportion' and v.numerator > v.denominator
order by all
