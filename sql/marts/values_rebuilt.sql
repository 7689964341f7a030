-- marts.values_rebuilt
-- Grain   one row per living body, measure and period before it began, for which a predecessor states a figure
-- Reads   marts.values, marts.bodies, marts.body_lineage, marts.periods, staging.classes, staging.measure_rules,
--         staging.status_order
-- Writes  value: predecessors' figures times their shares, added up (unit of the measure); null where one is missing
-- Notes   the tiers to add up are the measure's (a county's and its districts' waste overlap, their spending does not);
--         nothing is rebuilt where the publisher states the figure for the living body itself; parts are added in order of
--         their codes, because the last digit of a sum depends on its order
with recursive heirs as (
    select from_id, to_id, share, share_basis = 'population' as assumed from marts.body_lineage
    union all
    select h.from_id, l.to_id, h.share * l.share, h.assumed or l.share_basis = 'population'
    from heirs h
    join marts.body_lineage l on l.from_id = h.to_id
), stated as (
    select body_id, measure_id, period, edition, value, status from marts.values where is_current
), asked as (
    select distinct measure_id, period from stated where value is not null
), eligible as (
    select h.*, m.measure_id, m.dataset, p.period
    from heirs h
    join marts.bodies heir on heir.body_id = h.to_id and heir.valid_to is null
    join marts.bodies old on old.body_id = h.from_id
    join staging.classes c on c.class_id = old.class_id
    join staging.measure_rules m
        on m.rebuild = 'sum' or (m.rebuild in ('lower', 'upper') and c.tier in (m.rebuild, 'single'))
    join asked using (measure_id)
    join marts.periods p
        on p.period = asked.period
        and p.end < heir.valid_from
        and coalesce(old.valid_from, '') <= p.start
        and coalesce(old.valid_to, '9999') >= p.start
), parts as (
    select
        e.to_id as body_id,
        e.measure_id,
        e.period,
        e.from_id,
        e.share * s.value as value,
        case when e.assumed and s.status = 'ok' then 'imputed' else s.status end as status,
        e.dataset || '@' || s.edition as edition
    from eligible e
    left join stated s on s.body_id = e.from_id and s.measure_id = e.measure_id and s.period = e.period
)
select
    p.body_id,
    p.measure_id,
    p.period,
    case when count(p.value) = count(*) then sum(p.value order by p.from_id) end as value,
    arg_min(coalesce(p.status, 'missing'), o.severity) as status,
    string_agg(p.from_id, ' ' order by p.from_id) as parts,
    count(*) as n_parts,
    count(p.value) as n_present,
    string_agg(distinct p.edition, ' ' order by p.edition) as input_editions
from parts p
join staging.status_order o on o.status = coalesce(p.status, 'missing')
where not exists (
    from stated s
    where s.body_id = p.body_id and s.measure_id = p.measure_id and s.period = p.period and s.value is not null
)
group by p.body_id, p.measure_id, p.period
having count(p.value) > 0
