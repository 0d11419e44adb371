using Sprig.Synchronization;
using Xunit;

namespace Conformance.Models;

public class LifoQueueModelTests
{
    [Fact]
    public void AsyncLifoQueue_is_as_its_picture() => Property.Holds(
        variant => new QueueModel(
            new ItemQueueFace(new AsyncLifoQueue<int>(QueueModelTests.Capacity(variant))),
            QueueOrder.NewestFirst,
            QueueModelTests.Room(variant),
            QueueModelTests.MayEnd(variant)),
        QueueModelTests.Operations);
}
