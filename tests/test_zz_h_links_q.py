from tests.test_query_counts import *
import pytest
@pytest.mark.parametrize(("route","role","make"),[("participants:declarations",FACILITATOR,company_months.a_company_month),("participants:declaration",FACILITATOR,company_months.a_declared_line),("participants:hours_import",FACILITATOR,company_months.an_imported_line)])
def test_zz(as_role,territory,elsewhere,route,role,make):
    client=as_role(role); world=World(territory,elsewhere,client.user); costs=[]
    for rows in (2,7):
        while world.number<rows: world.one_more(make)
        costs.append(cost(client,address(route,world.row)))
    print("\nQQ",route,costs)
