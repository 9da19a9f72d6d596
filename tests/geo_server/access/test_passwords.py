"""What a password costs whoever guesses it."""

from argon2 import PasswordHasher, Type


def test_a_password_costs_what_owasp_asks_at_least(cheap_passwords: PasswordHasher) -> None:
    assert cheap_passwords.type is Type.ID
    assert cheap_passwords.memory_cost >= 19 * 1024 and cheap_passwords.time_cost >= 2
