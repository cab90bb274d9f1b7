-- EPSG code of the coordinate system of this name, however it is spelled: ESRI writes WGS_1984_UTM_Zone_34N for WGS 84 / UTM zone 34N.
-- name: as a .prj has it.
SELECT s.srid
  FROM (SELECT srid, split_part(srtext, '"', 2) AS name FROM spatial_ref_sys WHERE auth_name = 'EPSG') AS s
 WHERE regexp_replace(replace(replace(lower(s.name), '1984', '84'), '1989', '89'), '[^a-z0-9]', '', 'g')
     = regexp_replace(replace(replace(regexp_replace(lower(:name::text), '^(gcs|pcs)_', ''), '1984', '84'), '1989', '89'), '[^a-z0-9]', '', 'g')
 ORDER BY s.srid
 LIMIT 1
