"""The shop's tables, as its application sees them."""

import enum
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can speak of it."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


class Channel(enum.Enum):
    """Where an order came from."""

    web = "web"
    app = "app"
    phone = "phone"
    store = "store"


class Customer(Base):
    """Somebody who bought something, or might."""

    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Old customers of the shop on the corner never gave an address.
    email: Mapped[str | None] = mapped_column(String(255))
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    full_name: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    __table_args__ = (Index("ix_customers_email", "email"),)


class Address(Base):
    """A place to send things to."""

    __tablename__ = "addresses"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    street: Mapped[str] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(2))
    __table_args__ = (Index("ix_addresses_customer_id", "customer_id"),)


class Category(Base):
    """A shelf, possibly within another."""

    __tablename__ = "categories"
    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    name: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("name"),)


class Product(Base):
    """Something to sell."""

    __tablename__ = "products"
    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    sku: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    price_cents: Mapped[int] = mapped_column(Integer)
    __table_args__ = (
        UniqueConstraint("sku"),
        CheckConstraint("price_cents >= 0", name="price_cents"),
        Index("ix_products_category_id", "category_id"),
    )


class Order(Base):
    """What a customer ordered."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    shipping_address_id: Mapped[int | None] = mapped_column(BigInteger)
    status_code: Mapped[str] = mapped_column(String(20), server_default="new")
    channel: Mapped[Channel] = mapped_column(
        Enum(Channel, name="order_channel"), server_default="web"
    )
    total_cents: Mapped[int] = mapped_column(BigInteger)
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        CheckConstraint(
            "status_code IN ('new', 'paid', 'shipped', 'done', 'cancelled')", name="status_code"
        ),
        Index("ix_orders_customer_id", "customer_id"),
        Index("ix_orders_status_code", "status_code"),
        Index(
            "ix_orders_open",
            "placed_at",
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class OrderItem(Base):
    """One line of an order."""

    __tablename__ = "order_items"
    order_id: Mapped[int] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int] = mapped_column(Integer, server_default="1")
    unit_price_cents: Mapped[int] = mapped_column(Integer)
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)


class Payment(Base):
    """Money for an order."""

    __tablename__ = "payments"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    provider: Mapped[str] = mapped_column(String(20))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("ix_payments_order_id", "order_id"),)


class Event(Base):
    """What a visitor did; one partition for each quarter."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(30))
    payload: Mapped[dict[str, object]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    __table_args__ = ({"postgresql_partition_by": "RANGE (occurred_at)"},)


class OrderAudit(Base):
    """Who changed an order's total, written by a trigger."""

    __tablename__ = "order_audit"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(BigInteger)
    old_total_cents: Mapped[int] = mapped_column(BigInteger)
    new_total_cents: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_by: Mapped[str] = mapped_column(Text, server_default=text("CURRENT_USER"))
