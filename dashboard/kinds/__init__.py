"""Kinds of picture. Each module defines facts(result), text(facts) and figure(facts): words are not optional."""
