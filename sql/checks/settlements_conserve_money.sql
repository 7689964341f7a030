-- checks.settlements_conserve_money
-- Table   settlements
-- Severity critical
-- Meaning every hundredth has one place: below is ceiling less cost, and what is kept, centre's and held adds up to it
-- Grain   one row per settled year whose amounts do not add up
-- Reads   marts.settlements
with s as (
    select
        scheme_id, body_id, plan_id, period, status,
        columns('^ceiling_.*') as ceiling, columns('^cost_.*') as cost, columns('^below_.*') as below,
        columns('^kept_.*') as kept, columns('^centre_.*') as centre, columns('^held_.*') as held
    from marts.settlements
)
select s.*
from s
where s.status = 'ok'
    and (s.below is distinct from s.ceiling - s.cost or s.below is distinct from s.kept + s.centre + s.held)
order by all
