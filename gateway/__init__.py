"""The front door: who is asking, then one way in for REST, GraphQL, sharing and the audit trail."""
