"""The services of one batch as a temporary table, and their records: feed, organisations, places, services.

Neighbours in number are neighbours on the map; two services of three share a place with another.
"""

from deploy.seed.chance import listed
from deploy.seed.services.kinds import said, words
from deploy.seed.words import FIRST_HALVES, SECOND_HALVES, STREETS

TICKETS = sum(kind["weight"] for kind in said()["kinds"])
FEED = "pg_temp.random_id('feed of area', area)"

TABLES = """
create temp table spot (
  number int primary key, postcode text, authority text, easting int, northing int,
  latitude float8, longitude float8, area int
);
create temp table offer (
  n bigint, service uuid, place bigint, location uuid, organization uuid, org bigint,
  town text, county text, visibility text, status text,
  kind text, about text, term text, top text, by text, low numeric, high numeric,
  cost numeric, room int, refer boolean, sealed boolean, everywhere boolean, postcode text, authority text,
  easting int, northing int, latitude float8, longitude float8, area int
) on commit delete rows
"""


def _named(number: str, what: str) -> str:
    """A name for a place that does not exist."""
    return (
        f"pg_temp.pick({listed(FIRST_HALVES)}, pg_temp.chance({number}, '{what} first'))"
        f" || pg_temp.pick({listed(SECOND_HALVES)}, pg_temp.chance({number}, '{what} second'))"
    )


# A council has one number in its area, the health service one in three areas, charities dozens, a school
# one at its place.
ORG = """case by when 'council' then area when 'health' then area / 3 when 'school' then spot.number
  when 'national' then floor(12 * pg_temp.chance(n, 'who'))::bigint
  else 40 * area + floor(40 * pg_temp.chance(n, 'who'))::bigint end"""

OFFER = f"""
insert into offer
select n, pg_temp.random_id('service', n), place,
  case when everywhere then null when sealed then pg_temp.random_id('sealed location', n)
    else pg_temp.random_id('location', place) end,
  pg_temp.random_id('organization ' || by, {ORG}), {ORG},
  {_named("spot.number / 8", "town")}, {_named("area", "county")},
  case when sealed or pg_temp.chance(n, 'visibility') < 0.01 then 'partner'
    when pg_temp.chance(n, 'visibility') < 0.015 then 'internal' else 'public' end,
  (array['active', 'temporarily closed', 'inactive', 'defunct'])[
    width_bucket(pg_temp.chance(n, 'status'), array[0, 0.94, 0.97, 0.99])],
  name, about, term, top, by, low, high, cost, room, refer, sealed, everywhere,
  spot.postcode, spot.authority, spot.easting, spot.northing, spot.latitude, spot.longitude, area
from (
  select n, (n - 1) * 2 / 3 as place, floor({TICKETS} * pg_temp.chance(n, 'kind'))::int as drawn
  from generate_series($1::bigint, $2::bigint) n) numbered
join draw on ticket = drawn
join spot on spot.number = place % (select count(*) from spot)"""

FEEDS = f"""
insert into directory.feed (id, url, publisher, agency)
select distinct on (area) {FEED}, 'https://www.example.org/synthetic/' || authority,
  county || ' Council (synthetic)', $1
from offer on conflict do nothing"""

ORGANIZATIONS = f"""
insert into directory.organization (id, feed, source_id, agency, name, description, website)
select distinct on (offer.organization) organization, {FEED}, by || ' ' || org, $1,
  case by when 'council' then county || ' Council' when 'health' then county || ' Community Health'
    when 'school' then town || ' Primary School'
    when 'national' then {_named("org", "national")} || ' Helplines'
    else town || ' ' || pg_temp.pick(
      array['Family Charity', 'Trust', 'Community Association', 'Neighbours', 'Project', 'Volunteers'],
      pg_temp.chance(org, 'kind of charity')) end || ' (synthetic)',
  'Made up for samples and measurements.', 'https://www.example.org'
from offer order by offer.organization, n on conflict do nothing"""

LOCATIONS = f"""
insert into directory.location
  (id, feed, source_id, agency, visibility, location_type, name, latitude, longitude, easting, northing)
select distinct on (offer.location) location, {FEED}, location::text, $1,
  case when sealed then 'internal' else 'public' end, 'physical',
  town || ' ' || pg_temp.pick({words("houses")}, pg_temp.chance(place, 'house')),
  latitude, longitude, easting, northing
from offer where location is not null order by offer.location, n on conflict do nothing"""

ADDRESSES = f"""
insert into directory.address
  (id, position, location_id, address_1, city, state_province, postal_code, country, address_type)
select distinct on (offer.location)
  pg_temp.random_id('address', case when sealed then -n else place end), 0, location,
  1 + floor(180 * pg_temp.chance(place, 'door'))::int || ' '
    || pg_temp.pick({listed(STREETS)}, pg_temp.chance(place, 'street')),
  town, county, postcode, 'GB', 'physical'
from offer where location is not null order by offer.location, n on conflict do nothing"""

ACCESSIBILITY = f"""
insert into directory.accessibility (id, position, location_id, description)
select distinct on (offer.location)
  pg_temp.random_id('accessibility', case when sealed then -n else place end), 0,
  location, pg_temp.pick({words("access")}, pg_temp.chance(place, 'which access'))
from offer where location is not null and pg_temp.chance(place, 'access') < 0.5
order by offer.location, n on conflict do nothing"""

SERVICES = f"""
insert into directory.service (id, feed, source_id, agency, visibility, updated_at, organization_id, name,
  description, url, email, status, minimum_age, maximum_age, verified_at, verified_by, source_modified,
  keywords, fingerprint)
select service, {FEED}, service::text, $1, offer.visibility, pg_temp.ago(700 * pg_temp.chance(n, 'changed')),
  organization, case when everywhere then kind else town || ' ' || kind end || ' (synthetic)', about,
  'https://www.example.org/services/' || n, 'service' || n || '@example.org', status, low, high,
  case when pg_temp.chance(n, 'verified') < 0.8
    then pg_temp.ago(900 * pg_temp.chance(n, 'when verified') ^ 2) end,
  case when pg_temp.chance(n, 'verified') < 0.8 then 'the synthetic provider' end,
  pg_temp.ago(700 * pg_temp.chance(n, 'changed')),
  concat_ws(' ', o.name, term, top), md5('synthetic ' || service)
from offer join directory.organization o on o.id = offer.organization"""

AT = """
insert into directory.service_at_location (id, position, service_id, location_id, visibility)
select pg_temp.random_id('service at location', n), 0, service, location,
  case when sealed then 'internal' else 'public' end
from offer where location is not null"""

STATEMENTS = (FEEDS, ORGANIZATIONS, LOCATIONS, ADDRESSES, ACCESSIBILITY, SERVICES, AT)
