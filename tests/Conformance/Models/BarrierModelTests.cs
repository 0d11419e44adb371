using Xunit;

namespace Conformance.Models;

public class BarrierModelTests
{
    [Fact]
    public void AsyncBarrier_is_as_its_picture()
        => Property.Holds(variant => new BarrierModel(1 + variant % 4), (14, "come"), (1, "abort"), (1, "reset"));
}
