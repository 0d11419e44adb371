namespace Sprig.Synchronization;

/// <summary>Places that wait to be used again: as many as ever waited at once at one primitive.</summary>
internal sealed class HandoverPool<T>
{
    private Place? _free;

    internal Handover<T> Rent(T item)
    {
        Place place = _free ?? new Place(this);
        _free = (Place?)place.NextInPool;
        place.NextInPool = null;
        place.Item = item;
        return place;
    }

    private sealed class Place(HandoverPool<T> pool) : Handover<T>
    {
        private protected override void Recycle()
        {
            NextInPool = pool._free;
            pool._free = this;
        }
    }
}
