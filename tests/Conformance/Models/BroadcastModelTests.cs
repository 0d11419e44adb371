using Xunit;

namespace Conformance.Models;

public class BroadcastModelTests
{
    [Fact]
    public void Broadcast_is_as_its_picture() => Property.Holds(
        variant => new BroadcastModel(variant % 2 == 0),
        (5, "subscribe"), (12, "publish"), (2, "trypublish"), (10, "get"), (2, "tryget"), (2, "dispose"), (1, "shutdown"));
}
