namespace Conformance.Models;

/// <summary>One item, and the put that brought it while that has not gone on.</summary>
internal sealed record PictureItem(int Item, int Priority, Ticket? Putter)
{
    internal long Order { get; set; }
}
