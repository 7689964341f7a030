-- marts.costs
-- Grain   one row per body, service and period with a cost
-- Reads   marts.values, staging.service_costs, staging.deflator, staging.measure_rules
-- Writes  pence and real_pence (whole hundredths of the currency, nominal and in base-year prices)
-- Notes   as published, for the bodies as they were; money is whole until it leaves (house.md, decision 8)
select
    v.body_id,
    s.service_id,
    v.period,
    round(v.value * 100)::bigint as pence,
    round(v.value * 100 * d.factor)::bigint as real_pence,
    v.status,
    d.status as deflator_status,
    m.dataset || '@' || v.edition as input_editions
from marts.values v
join staging.service_costs s using (measure_id)
join staging.measure_rules m using (measure_id)
left join staging.deflator d using (period)
where v.is_current
