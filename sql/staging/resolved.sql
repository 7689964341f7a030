-- staging.resolved
-- Grain   one row per cell that a measure takes up
-- Reads   staging.cells, staging.measure_rules, staging.dataset_rules, staging.recodes, marts.body_alias, marts.periods
-- Writes  body_id (null where no body of the pack has the code), scaled (unit of the measure)
-- Notes   a code may mean different bodies in different years (a county, then the unitary council that followed it);
--         where two bodies could be meant, the one that began later is taken; a figure for years in which none of them
--         lived is the publisher's own back-cast, and stands under the later one
with meant as (
    select
        c.*,
        m.measure_id,
        m.unit,
        m.allow_negative,
        m.least,
        m.most,
        m.scale,
        d.scheme,
        p.kind as period_kind,
        p.start,
        p.end,
        coalesce(r.meant, c.code) as meant_code
    from staging.cells c
    join staging.measure_rules m using (dataset, series)
    join staging.dataset_rules d using (dataset)
    left join marts.periods p using (period)
    left join staging.recodes r on r.dataset = c.dataset and r.printed = c.code and c.period >= r.since
)
select
    m.* exclude (scale, start, "end", scheme),
    a.body_id,
    m.value * m.scale as scaled,
    m.lo * m.scale as scaled_lo,
    m.hi * m.scale as scaled_hi
from meant m
left join marts.body_alias a on a.scheme = m.scheme and a.code = m.meant_code
qualify row_number() over (
    partition by m.dataset, m.edition, m.code, m.series, m.period, m.measure_id
    order by
        (a.valid_from <= coalesce(m.end, a.valid_from) and coalesce(a.valid_to, '9999') >= coalesce(m.start, '')) desc,
        a.valid_from desc,
        a.body_id
) = 1
