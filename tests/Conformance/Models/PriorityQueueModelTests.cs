using Sprig.Synchronization;
using Xunit;

namespace Conformance.Models;

public class PriorityQueueModelTests
{
    [Fact]
    public void AsyncPriorityQueue_is_as_its_picture() => Property.Holds(
        variant => new QueueModel(
            new PriorityQueueFace(new AsyncPriorityQueue<int, int>(QueueModelTests.Capacity(variant))),
            QueueOrder.LeastFirst,
            QueueModelTests.Room(variant),
            QueueModelTests.MayEnd(variant)),
        QueueModelTests.Operations);
}
