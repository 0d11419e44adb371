namespace Conformance.Models;

/// <summary>Those that wait, first come first served.</summary>
internal sealed class Line
{
    private readonly List<Ticket> _tickets = [];

    internal IReadOnlyList<Ticket> All => _tickets;

    internal int Count => _tickets.Count;

    internal Ticket? First => _tickets.Count == 0 ? null : _tickets[0];

    internal void Add(Ticket ticket)
    {
        _tickets.Add(ticket);
        ticket.Line = this;
    }

    internal void Remove(Ticket ticket)
    {
        if (!_tickets.Remove(ticket))
            return;
        ticket.Line = null;
    }

    internal void FailAll(Outcome outcome)
    {
        while (First is { } ticket)
            ticket.Fail(outcome);
    }

    internal void GrantAll()
    {
        while (First is { } ticket)
            ticket.Grant();
    }
}
