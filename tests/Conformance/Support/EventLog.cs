using Xunit;

namespace Conformance.Support;

/// <summary>What happened, in order, to be compared exactly.</summary>
internal sealed class EventLog
{
    private readonly List<string> _events = [];

    internal IReadOnlyList<string> Events => _events;

    internal void Add(string what) => _events.Add(what);

    internal void Expect(params string[] expected) => Assert.Equal(expected, _events);
}
