-- checks.ratios_reproduce
-- Table   indicator_values
-- Severity critical
-- Meaning every indicator is its numerator over its denominator, recomputed in SQL
-- Grain   one row per figure that differs
-- Reads   marts.indicator_values, marts.indicators
select v.body_id, v.indicator_id, v.period, v.value, i.multiplier * v.numerator / coalesce(v.denominator, 1) as recomputed
from marts.indicator_values v
join marts.indicators i using (indicator_id)
where v.value is not null
    and abs(v.value - i.multiplier * v.numerator / case when i.denominator is null then 1 else v.denominator end)
        > 1e-12 * abs(v.value)
order by all
