select
    region.region_code as region_key,
    region.region_code,
    region.region_name,
    region.level as region_level,
    region.parent_code,
    coalesce(grandparent.region_name, parent.region_name, region.region_name) as province_name,
    case
        when region.level = 'prefecture' then region.region_name
        when parent.level = 'prefecture' then parent.region_name
    end as prefecture_name,
    case when region.level = 'county' then region.region_name end as county_name
from {{ ref('regions') }} as region
left join {{ ref('regions') }} as parent on parent.region_code = region.parent_code
left join {{ ref('regions') }} as grandparent on grandparent.region_code = parent.parent_code
union all
select member, null, name, null, null, name, null, null
from {{ special_members() }}
order by region_key
