using Sprig.Synchronization;
using Xunit;

namespace Conformance.Models;

public class QueueModelTests
{
    internal static readonly (int, string)[] Operations =
        [(10, "put"), (10, "get"), (2, "tryput"), (2, "tryget"), (3, "done"), (2, "join"), (1, "shutdown")];

    [Fact]
    public void AsyncQueue_is_as_its_picture() => Property.Holds(
        variant => new QueueModel(
            new ItemQueueFace(new AsyncQueue<int>(Capacity(variant))), QueueOrder.OldestFirst, Room(variant), MayEnd(variant)),
        Operations);

    /// <summary>Mostly small.</summary>
    internal static int Capacity(int variant) => variant == 0 ? 0 : 1 + variant % 3;

    internal static bool MayEnd(int variant) => variant is 1 or 2 or 3;

    internal static int Room(int variant) => Capacity(variant) == 0 ? int.MaxValue : Capacity(variant);
}
