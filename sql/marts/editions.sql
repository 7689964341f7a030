-- marts.editions
-- Grain   one row per dataset and edition read
-- Reads   staging.editions, staging.judged, staging.ruling
-- Writes  rows_in = rows_accepted + rows_quarantined: cells that a measure takes up; facts in words are not counted
with counted as (
    select
        dataset,
        edition,
        count(*) as rows_in,
        count(*) filter (where rule is null) as rows_accepted,
        count(*) filter (where rule is not null) as rows_quarantined
    from staging.judged
    group by dataset, edition
), ruled as (
    select dataset, edition, count(*) as periods_current from staging.ruling group by dataset, edition
)
select
    e.dataset,
    e.edition,
    e.date,
    e.publisher,
    e.title,
    e.url,
    e.licence,
    e.original_name,
    e.original_sha256,
    coalesce(c.rows_in, 0) as rows_in,
    coalesce(c.rows_accepted, 0) as rows_accepted,
    coalesce(c.rows_quarantined, 0) as rows_quarantined,
    coalesce(r.periods_current, 0) as periods_current
from staging.editions e
left join counted c using (dataset, edition)
left join ruled r using (dataset, edition)
