using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>What happened, in order, to be compared exactly.</summary>
internal sealed class EventLog
{
    private readonly List<string> _events = [];

    internal int Count => _events.Count;

    internal void Add(string what) => _events.Add(what);

    internal void Expect(params string[] expected) => Assert.Equal(expected, _events);
}
