select fund_source_key, fund_source_name, fund_source_group
from {{ ref('fund_sources') }}
union all
select member, name, member
from {{ special_members() }}
order by fund_source_key
