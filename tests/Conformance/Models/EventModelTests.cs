using Xunit;

namespace Conformance.Models;

public class EventModelTests
{
    private static readonly (int, string)[] s_operations = [(8, "wait"), (6, "set"), (2, "reset"), (1, "try")];

    [Fact]
    public void AsyncManualResetEvent_is_as_its_picture()
        => Property.Holds(variant => new EventModel(isManual: true, variant == 0), (10, "wait"), (2, "set"), (3, "reset"));

    [Fact]
    public void AsyncAutoResetEvent_is_as_its_picture()
        => Property.Holds(variant => new EventModel(isManual: false, variant == 0), s_operations);
}
