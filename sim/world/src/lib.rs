//! State and behaviour of providers, tenants and operators; the events and their steps.
