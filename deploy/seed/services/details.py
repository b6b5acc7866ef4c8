"""What goes with each service of a batch: when, for whom, where it reaches, what it costs, whom to ask."""

from deploy.seed.services.kinds import said, words

GSS = "http://statistics.data.gov.uk/id/statistical-geography/"

# Weekly on some days, sometimes twice; a few once a month; a helpline every day.
SCHEDULES = f"""
insert into directory.schedule (id, position, service_id, freq, interval, byday, opens_at, closes_at)
select pg_temp.random_id('schedule ' || turn, n), turn, service,
  case when pg_temp.chance(n, 'monthly') < 0.05 and not everywhere then 'MONTHLY' else 'WEEKLY' end, 1,
  case when everywhere then 'MO,TU,WE,TH,FR,SA,SU'
    when pg_temp.chance(n, 'monthly') < 0.05 then '1' || pg_temp.pick(
      array['MO', 'WE', 'FR', 'SA'], pg_temp.chance(n, 'day of month'))
    else pg_temp.pick({words("days")}, pg_temp.chance(n, 'days ' || turn)) end,
  case when everywhere then time '08:00' else opens end,
  case when everywhere then time '22:00' else opens + make_interval(mins => long) end
from offer cross join generate_series(0, 1) turn
cross join lateral (
  select time '08:00'
      + make_interval(mins => 30 * floor(22 * pg_temp.chance(n, 'opens ' || turn))::int) as opens,
    60 + 30 * floor(7 * pg_temp.chance(n, 'long ' || turn))::int as long) hours
where turn = 0 and pg_temp.chance(n, 'hours known') < 0.9
  or turn = 1 and not everywhere and pg_temp.chance(n, 'second time') < 0.2"""

# Most say that they are for one authority, some for a nation, some nothing; a helpline is for everybody.
AREAS = f"""
insert into directory.service_area (id, position, service_id, name, uri, code)
select pg_temp.random_id('area', n), 0, service, area_name, '{GSS}' || code, code
from (
  select n, service, case when everywhere then 'United Kingdom'
      when pg_temp.chance(n, 'area') < 0.6 then county else 'Nation' end as area_name,
    case when everywhere then 'K02000001' when pg_temp.chance(n, 'area') < 0.6 then authority
      else case left(authority, 1) when 'E' then 'E92000001' when 'W' then 'W92000004'
        when 'S' then 'S92000003' else 'N92000002' end end as code
  from offer where everywhere or pg_temp.chance(n, 'area') < 0.7) reaching"""

COSTS = """
insert into directory.cost_option (id, position, service_id, option, amount, amount_description)
select pg_temp.random_id('cost', n), 0, service, case when cost = 0 then 'Free' else 'A visit' end, cost,
  case when cost = 0 then 'free' else 'pounds a visit' end
from offer where cost is not null and pg_temp.chance(n, 'cost known') < 0.85"""

LANGUAGES = f"""
insert into directory.language (id, position, service_id, name, code)
select pg_temp.random_id('language', n), 0, service, tongue[2], tongue[1]
from (
  select n, service, case when authority like 'W%' and pg_temp.chance(n, 'language') < 0.5
      then array['cy', 'Welsh'] else string_to_array(pg_temp.pick(
        array[{", ".join(f"'{code}|{name}'" for code, name in said()["languages"])}],
        pg_temp.chance(n, 'which language')), '|') end as tongue
  from offer
  where pg_temp.chance(n, 'language') < case when authority like 'W%' then 0.5 else 0.12 end) spoken"""

# 01632 960 is set aside by Ofcom for drama.
CONTACTS = """
insert into directory.contact (id, position, service_id, title, email, visibility)
select pg_temp.random_id('contact ' || turn, n), turn, service,
  case turn when 0 then 'Front desk' else 'Duty worker' end,
  case turn when 0 then null else 'duty' || n || '@example.org' end,
  case turn when 0 then 'public' else 'partner' end
from offer cross join generate_series(0, 1) turn
where turn = 0 or pg_temp.chance(n, 'duty') < 0.05"""
PHONES = """
insert into directory.phone (id, position, service_id, contact_id, number)
select pg_temp.random_id('phone', n), 0, service, pg_temp.random_id('contact 0', n),
  '01632 960' || lpad((n % 1000)::text, 3, '0')
from offer where pg_temp.chance(n, 'telephone') < 0.8"""

ATTRIBUTES = """
insert into directory.attribute (id, position, service_id, taxonomy_term_id, link_type)
select pg_temp.random_id('attribute', n), 0, service, topic.id, 'service'
from offer join topic on topic.name = offer.term and topic.parent = offer.top"""
# Not every service says everything of itself.
OURS = """
insert into directory.attribute (id, position, service_id, taxonomy_term_id, link_type)
select pg_temp.random_id('attribute ' || ours.id, n), 1 + ours.nth, service, ours.id, 'service'
from offer join ours on ours.kind = offer.kind where pg_temp.chance(n, ours.name) < 0.7"""

# A third of those that have so many places are full.
CAPACITY = """
insert into directory.capacity (id, position, service_id, available, maximum, updated, unit)
select pg_temp.random_id('capacity', n), 0, service,
  floor(room * greatest(0, 0.75 * pg_temp.chance(n, 'room') - 0.25))::int, room,
  pg_temp.ago(90 * pg_temp.chance(n, 'room told')), 'places'
from offer where room is not null and pg_temp.chance(n, 'room known') < 0.7"""

STATEMENTS = (SCHEDULES, AREAS, COSTS, LANGUAGES, CONTACTS, PHONES, ATTRIBUTES, OURS, CAPACITY)

# With triggers held back nobody else makes the entries that search reads, or says that something changed.
BY_SETS = (
    "set local session_replication_role = origin",
    "select directory.reindex(array(select service from offer))",
    "insert into directory.change (transaction, public) values (pg_current_xact_id()::text::bigint, true)",
)
