using Xunit;

namespace Conformance.Models;

public class LatestModelTests
{
    [Fact]
    public void Latest_is_as_its_picture()
        => Property.Holds(
            variant => new LatestModel(variant % 2 == 0),
            (4, "get"), (8, "newer"), (4, "each"), (6, "set"), (1, "shutdown"));
}
