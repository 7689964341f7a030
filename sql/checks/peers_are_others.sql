-- checks.peers_are_others
-- Table   peers
-- Severity critical
-- Meaning nobody is its own peer, and every peer exists today
-- Grain   one row per impossible peer
-- Reads   marts.peers, marts.bodies
select p.model_id, p.body_id, p.peer_id
from marts.peers p
join marts.bodies b on b.body_id = p.peer_id
where p.peer_id = p.body_id or b.valid_to is not null
order by all
