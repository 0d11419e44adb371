using Sprig.Synchronization;
using Xunit;

namespace Conformance.Models;

public class RendezvousModelTests
{
    [Fact]
    public void Rendezvous_is_as_its_picture()
        => Property.Holds(
            variant => new QueueModel(new ItemQueueFace(new Rendezvous<int>()), QueueOrder.OldestFirst, room: 0, QueueModelTests.MayEnd(variant)),
            QueueModelTests.Operations);
}
