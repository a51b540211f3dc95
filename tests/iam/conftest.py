import pytest

from seatrial.iam.account import Account


@pytest.fixture
def account() -> Account:
    return Account(partition="aws", dns_suffix="amazonaws.com", account_id="123456789012", region="us-east-2")
