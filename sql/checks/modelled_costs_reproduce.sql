-- checks.modelled_costs_reproduce
-- Table   modelled_costs
-- Severity critical
-- Meaning a ratio is actual over modelled cost, inside its interval, and only of a service with a model of the same period
-- Grain   one row per ratio that is not
-- Reads   marts.modelled_costs, marts.cost_models
select r.body_id, r.service_id, r.period, r.ratio, r.ratio_lo, r.ratio_hi, r.sfa_lo, r.sfa, r.sfa_hi
from marts.modelled_costs r
left join (select distinct service_id, period from marts.cost_models) m using (service_id, period)
where m.service_id is null
    or not (r.ratio between r.ratio_lo and r.ratio_hi)
    or not (r.sfa between r.sfa_lo and r.sfa_hi)
    or (r.ratio is null) <> (r.status not in ('ok', 'provisional', 'break'))
order by all
