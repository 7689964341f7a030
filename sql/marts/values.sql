-- marts.values
-- Grain   one row per body, measure, period and edition, as published
-- Reads   staging.judged, staging.ruling, staging.editions
-- Writes  value, lo, hi (unit of the measure); is_current: the newest edition for the dataset and period says so
select
    j.body_id,
    j.measure_id,
    j.period,
    j.edition,
    j.scaled as value,
    j.status,
    j.scaled_lo as lo,
    j.scaled_hi as hi,
    j.unit,
    e.source,
    j.locator,
    j.text as published_text,
    r.edition is not null as is_current
from staging.judged j
join staging.editions e using (dataset, edition)
left join staging.ruling r using (dataset, period, edition)
where j.rule is null
